/** Bytes as they arrive. A profile of an hour of a busy server is a few MiB; what is larger is not a class's profile. */
export const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** Bytes after gunzip. Real profiles shrink 2 to 6 times, so this lets every file through but a bomb. */
export const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

/** Samples, locations, functions, strings and labels, each. An empty record takes two bytes, its columns far more. */
export const MAX_RECORDS = 2_000_000;

/** Go has at most four kinds of values (heap); other producers a handful. */
export const MAX_SAMPLE_TYPES = 64;

/**
 * Frames of all stacks together, inlined ones included. A small file can name one location with a million inlined
 * lines a million times; this bounds the memory of stacks and trees (about 40 bytes a frame at worst).
 */
export const MAX_STACK_FRAMES = 8_000_000;

/** Lines that are added up over the windows of a run. A workspace has 256 KiB of text, so few thousand lines of code. */
export const MAX_HEAT_LINES = 10_000;
