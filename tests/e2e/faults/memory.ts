// What a tab needs, as the browser counts it.
import { type BrowserContext, expect, type Page } from "@playwright/test";

const KIB = 1024;
const MIB = 1024 * KIB;

/** What an entry of the activity log needs in the heap. */
const ENTRY = 2 * KIB;

export class Measurement {
  constructor(
    readonly actions: number,
    /** JavaScript's heap after a collection, in bytes. */
    readonly heap: number,
    /** All of WebAssembly's memory, in bytes. It never shrinks. */
    readonly wasm: number,
    /** DOM nodes, also those in no document any more; without those of the activity log's entries. */
    readonly nodes: number,
    /** Listeners of events. */
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

/** Measures the page as it is, of a context that is watched ({@link watchWasmMemory}). It should be the same screen at rest every time. */
export async function measure(page: Page, actions: number): Promise<Measurement> {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  // Twice: what finalisers let go of is collected by the next one.
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
    /** Those that WebAssemblies of the page have exported. */
    wasmMemories?: Set<WebAssembly.Memory>;
  }
}

/**
 * Notes the memory of WebAssemblies, in documents that are loaded from now on, for {@link measure}: it is no part of the
 * heap, and its owner keeps it to itself. The debugger could look for it (`Runtime.queryObjects`); in Chromium 156 the
 * page crashes of that as soon as a WebAssembly exports its table of functions.
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

/** What {@link watchWasmMemory} has noted, in bytes. */
async function wasmMemory(page: Page): Promise<number> {
  return page.evaluate(() =>
    [...(window.wasmMemories ?? [])].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
  );
}

/** From the first measurement to the last, which differ in the number of actions only. */
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
