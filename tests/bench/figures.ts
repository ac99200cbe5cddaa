// Statistics of many measurements.

/** Returns the value that the given share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Prints one line of the result. */
export function report(what: string, value: string): void {
  process.stdout.write(`  ${what.padEnd(58)} ${value}\n`);
}

export function milliseconds(values: readonly number[]): string {
  const round = (value: number) => value.toFixed(0);
  return `median ${round(median(values))} ms, 95th percentile ${round(percentile(values, 0.95))} ms (${values.length})`;
}
