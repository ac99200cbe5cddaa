// Ports for programs that do not report which port they chose.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Returns a port that is not in use at the moment. Not an ephemeral port, which the system could assign to someone else
 * before the program binds it.
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
