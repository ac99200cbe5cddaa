// The memory of a tab, as measured by the browser.
import { type BrowserContext, expect, type Page } from "@playwright/test";

const KIB = 1024;
const MIB = 1024 * KIB;

/** The heap size of an activity log entry, in bytes. */
const ENTRY = 2 * KIB;

export class Measurement {
  constructor(
    readonly actions: number,
    /** The JavaScript heap after a garbage collection, in bytes. */
    readonly heap: number,
    /** All of WebAssembly's memory, in bytes. It never shrinks. */
    readonly wasm: number,
    /** DOM nodes, including detached ones; without those of the activity log's entries. */
    readonly nodes: number,
    /** Event listeners. */
    readonly listeners: number,
    /** Entries of the activity log, which is kept on purpose (at most 200). */
    readonly entries: number,
  ) {}

  toString(): string {
    const { actions, heap, wasm, nodes, listeners, entries } = this;
    return (
      `after ${actions} actions: heap ${(heap / MIB).toFixed(2)} MiB, wasm ${(wasm / MIB).toFixed(2)} MiB, ` +
      `${nodes} nodes, ${listeners} listeners; ${entries} entries of the activity log beside them`
    );
  }
}

/** Measures the page; its context must be watched ({@link watchWasmMemory}). Use the same idle screen every time. */
export async function measure(page: Page, actions: number): Promise<Measurement> {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  // Twice: objects released by finalisers are collected the second time.
  await client.send("HeapProfiler.collectGarbage");
  await client.send("HeapProfiler.collectGarbage");
  const { metrics } = await client.send("Performance.getMetrics");
  const metric = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  const activity = await page.evaluate(() => {
    const log = document.querySelector('[role="log"]');
    const walker = document.createTreeWalker(log ?? document.createElement("p"));
    let nodes = 0;
    while (walker.nextNode()) {
      nodes += 1;
    }
    return { nodes, entries: log?.querySelectorAll("li").length ?? 0 };
  });
  const wasm = await wasmMemory(page);
  await client.detach();
  return new Measurement(
    actions,
    metric("JSHeapUsedSize"),
    wasm,
    metric("Nodes") - activity.nodes,
    metric("JSEventListeners"),
    activity.entries,
  );
}

declare global {
  interface Window {
    /** The memories exported by the page's WebAssemblies. */
    wasmMemories?: Set<WebAssembly.Memory>;
  }
}

/**
 * Records the memories of WebAssemblies, in documents loaded from now on, for {@link measure}: they are not part of the
 * heap, and scripts cannot reach them. The debugger could find them (`Runtime.queryObjects`), but in Chromium 156 that
 * crashes the page as soon as a WebAssembly exports its function table.
 */
export async function watchWasmMemory(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const memories = new Set<WebAssembly.Memory>();
    window.wasmMemories = memories;
    const note = (instance: WebAssembly.Instance) => {
      for (const value of Object.values(instance.exports)) {
        if (value instanceof WebAssembly.Memory) {
          memories.add(value);
        }
      }
    };
    const { instantiate, instantiateStreaming } = WebAssembly;
    WebAssembly.instantiate = (async (source: WebAssembly.Module | BufferSource, imports) => {
      const made = await (instantiate as (source: unknown, imports: unknown) => Promise<unknown>)(
        source,
        imports,
      );
      note(
        made instanceof WebAssembly.Instance ? made : (made as { instance: WebAssembly.Instance }).instance,
      );
      return made;
    }) as typeof instantiate;
    WebAssembly.instantiateStreaming = async (source, imports) => {
      const made = await instantiateStreaming(source, imports);
      note(made.instance);
      return made;
    };
  });
}

/** The total size of the memories recorded by {@link watchWasmMemory}, in bytes. */
async function wasmMemory(page: Page): Promise<number> {
  return page.evaluate(() =>
    [...(window.wasmMemories ?? [])].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  );
}

/** Compares the first measurement with the last, which differ only in the number of actions. */
export function expectNoGrowth(measurements: readonly Measurement[]): void {
  const [first, last] = [measurements.at(0), measurements.at(-1)];
  if (!first || !last || first === last) {
    throw new Error("growth is a matter of two measurements at least");
  }
  expect(first.wasm, "WebAssembly's memory is found").toBeGreaterThan(MIB);
  // The log's entries are kept on purpose, and their nodes have wrappers in the heap.
  const kept = (last.entries - first.entries) * ENTRY;
  expect.soft(last.heap - first.heap - kept, "growth of the heap in bytes").toBeLessThan(512 * KIB);
  expect.soft(last.wasm - first.wasm, "growth of WebAssembly's memory in bytes").toBeLessThan(512 * KIB);
  expect.soft(last.nodes - first.nodes, "growth of the DOM in nodes").toBeLessThan(100);
  expect.soft(last.listeners - first.listeners, "growth in listeners").toBeLessThan(20);
}

export function print(...lines: string[]): void {
  process.stdout.write(lines.map((line) => `  ${line}\n`).join(""));
}
