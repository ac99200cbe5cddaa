// A processor four times slower than this one, as the budgets of the design require.
import type { CDPSession, Page } from "@playwright/test";

const SLOWER = 4;

export async function throttle(page: Page): Promise<CDPSession> {
  const client = await page.context().newCDPSession(page);
  await client.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  return client;
}
