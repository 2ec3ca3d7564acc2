import { growFloats, growIndexes } from './growable.ts';
import { Names } from './names.ts';
import { PairTable } from './pair-table.ts';
import type { Profile } from './profile.ts';

/**
 * One profile of several that have the same sample types, such as the windows of one run: all their samples, with one
 * table of functions, files and frames. Labels are left out. Those with other types than the first are left out too;
 * null for none at all.
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile | null {
  const [first] = profiles;
  if (first === undefined) return null;
  const alike = profiles.filter((one) => typesOf(one) === typesOf(first));
  const names = { functions: new Names(), files: new Names() };
  const [sources, lines] = [new PairTable(), new PairTable()];
  const frames = { function: growIndexes(), file: growIndexes(), line: growIndexes() };
  const [values, stack, stackStart] = [growFloats(), growIndexes(), growIndexes()];
  stackStart.push(0);
  for (const one of alike) {
    const functionAt = one.functions.map((name) => names.functions.indexOf(name));
    const fileAt = one.files.map((name) => names.files.indexOf(name));
    const frameAt = one.frameFunction.map((old, at) => {
      const [id, file] = [functionAt[old] ?? 0, fileAt[one.frameFile[at] ?? 0] ?? 0];
      const line = one.frameLine[at] ?? 0;
      const frame = lines.idOf(sources.idOf(id, file), line);
      if (frame === frames.line.length) {
        frames.function.push(id);
        frames.file.push(file);
        frames.line.push(line);
      }
      return frame;
    });
    for (const value of one.values) values.push(value);
    for (let sample = 0; sample < one.sampleCount; sample++) {
      for (let at = one.stackStart[sample] ?? 0; at < (one.stackStart[sample + 1] ?? 0); at++)
        stack.push(frameAt[one.stack[at] ?? 0] ?? 0);
      stackStart.push(stack.length);
    }
  }
  return {
    ...first,
    sampleCount: stackStart.length - 1,
    values: values.take(),
    stackStart: stackStart.take(),
    stack: stack.take(),
    frameFunction: frames.function.take(),
    frameFile: frames.file.take(),
    frameLine: frames.line.take(),
    functions: names.functions.list,
    files: names.files.list,
    labels: {
      sample: new Uint32Array(),
      key: [],
      text: [],
      number: new Float64Array(),
      unit: [],
    },
    durationNanos: alike.reduce((sum, { durationNanos }) => sum + durationNanos, 0),
    comments: [],
  };
}

const typesOf = ({ sampleTypes }: Profile): string =>
  JSON.stringify(sampleTypes.map(({ type, unit }) => [type, unit]));
