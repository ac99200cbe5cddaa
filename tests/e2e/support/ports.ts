// For programs that cannot be asked which port they chose.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * A port that nobody listens on at the moment. Not one of those that the system gives to whoever asks for any, here or
 * for a connection: it would have been given away again before the program takes it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) {
      return port;
    }
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (listens) {
    await new Promise((resolve) => server.close(resolve));
  }
  return listens;
}
