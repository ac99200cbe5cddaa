// Reads sections of a WebAssembly, as far as needed here: code, data, and the names of functions.

const CUSTOM = 0;
const CODE = 10;
const DATA = 11;

/** Reads a WebAssembly from a given position. */
class Reader {
  /**
   * @param {Buffer} binary
   * @param {number} at
   */
  constructor(binary, at) {
    this.binary = binary;
    this.at = at;
  }

  /** Reads a number in LEB128: seven bits per byte, the lowest first. */
  number() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.binary[this.at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  /** Reads a piece whose length comes first. */
  piece() {
    const length = this.number();
    this.at += length;
    return this.binary.subarray(this.at - length, this.at);
  }
}

/**
 * Returns the content of a section.
 * @param {Buffer} binary
 * @param {number} wanted
 * @param {string} [name] of a custom section
 */
function section(binary, wanted, name) {
  // After the magic number and the version.
  const reader = new Reader(binary, 8);
  while (reader.at < binary.length) {
    const kind = binary[reader.at++];
    const content = new Reader(reader.piece(), 0);
    if (kind === wanted && (name === undefined || content.piece().toString() === name)) return content;
  }
  return undefined;
}

/**
 * Returns the names of functions by index, including imports.
 * @param {Buffer} binary
 */
export function functionNames(binary) {
  const FUNCTIONS = 1;
  const reader = section(binary, CUSTOM, "name");
  while (reader && reader.at < reader.binary.length) {
    const kind = reader.binary[reader.at++];
    const content = new Reader(reader.piece(), 0);
    if (kind === FUNCTIONS) {
      const name = () => /** @type {const} */ ([content.number(), content.piece().toString()]);
      return new Map(Array.from({ length: content.number() }, name));
    }
  }
  return new Map();
}

/**
 * Returns the number of imported functions.
 * @param {Buffer<ArrayBuffer>} binary
 */
export function importedFunctions(binary) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(binary));
  return imports.filter(({ kind }) => kind === "function").length;
}

/**
 * Returns the bodies of the functions that are not imported.
 * @param {Buffer} binary
 */
export function bodies(binary) {
  const reader = section(binary, CODE);
  return reader ? Array.from({ length: reader.number() }, () => reader.piece()) : [];
}

/**
 * Returns the initial contents of memory and their addresses. The bytes are views: writing to them changes the
 * WebAssembly.
 * @param {Buffer} binary
 */
export function segments(binary) {
  const reader = section(binary, DATA);
  if (!reader) return [];
  return Array.from({ length: reader.number() }, () => {
    const [ACTIVE, CONSTANT, END] = [0, 0x41, 0x0b];
    const [kind, instruction, address, end] = [
      reader.number(),
      reader.binary[reader.at++],
      reader.number(),
      reader.binary[reader.at++],
    ];
    if (kind !== ACTIVE || instruction !== CONSTANT || end !== END) {
      throw new Error("data of an unknown kind");
    }
    return { address, bytes: reader.piece() };
  });
}
