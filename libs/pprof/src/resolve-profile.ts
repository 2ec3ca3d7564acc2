import { growFloats, growIndexes } from './growable.ts';
import { MAX_STACK_FRAMES } from './limits.ts';
import { Names } from './names.ts';
import { PairTable } from './pair-table.ts';
import { ProfileDecodeError } from './profile-decode-error.ts';
import type { Labels, Profile, ValueType } from './profile.ts';
import { malformed } from './proto-reader.ts';
import type { RawProfile } from './raw-profile.ts';

/** Lines that a frame can have; Go's compiler stops at 2^20 lines a file. */
const MAX_LINE = 0x7fff_ffff;

/** Follows every identity and name of a file, and joins its frames by function, file and line. @throws ProfileDecodeError */
export function resolveProfile(raw: RawProfile): Profile {
  const textAt = (index: number): string => {
    const text = index === 0 ? (raw.strings[0] ?? '') : raw.strings[index];
    if (text === undefined) throw malformed(`there is no string ${index}`);
    return text;
  };
  const valueType = ({ type, unit }: { type: number; unit: number }): ValueType => ({
    type: textAt(type),
    unit: textAt(unit),
  });
  const sampleTypes = raw.sampleTypes.map(valueType);
  const locations = resolveLocations(raw, textAt);
  const wanted = textAt(raw.defaultType);
  const named = wanted === '' ? -1 : sampleTypes.findIndex(({ type }) => type === wanted);
  return {
    sampleTypes,
    defaultType: named === -1 ? sampleTypes.length - 1 : named,
    sampleCount: raw.sampleCount,
    values: checkedValues(raw),
    ...resolveStacks(raw, locations),
    frameFunction: locations.frameFunction,
    frameFile: locations.frameFile,
    frameLine: locations.frameLine,
    functions: locations.functions,
    files: locations.files,
    labels: resolveLabels(raw, textAt),
    timeNanos: raw.timeNanos,
    durationNanos: raw.durationNanos,
    period: raw.period,
    periodType: raw.periodType === null ? null : valueType(raw.periodType),
    comments: raw.comments.map(textAt),
  };
}

type Locations = Pick<Profile, 'frameFunction' | 'frameFile' | 'frameLine' | 'functions' | 'files'> & {
  /** Frames of location i: `frames[start[i] .. start[i + 1]]`. */
  start: Uint32Array;
  frames: Uint32Array;
  indexOf: (id: number) => number | undefined;
};

function resolveLocations(raw: RawProfile, textAt: (index: number) => string): Locations {
  const functions = new Names();
  const files = new Names();
  const functionIndex = indexById(raw.functionId.take(), 'functions');
  const mappingFile = new Map(raw.mappings.map(({ id, file }) => [id, file]));
  const sources = new PairTable();
  const lines = new PairTable();
  const frames = growIndexes();
  const frameFunction = growIndexes();
  const frameFile = growIndexes();
  const frameLine = growIndexes();
  const start = growIndexes();
  const add = (name: string, file: string, line: number): void => {
    const functionAt = functions.indexOf(name);
    const fileAt = files.indexOf(file);
    const frame = lines.idOf(sources.idOf(functionAt, fileAt), line);
    if (frame === frameLine.length) {
      frameFunction.push(functionAt);
      frameFile.push(fileAt);
      frameLine.push(line);
    }
    frames.push(frame);
  };
  let line = 0;
  for (let location = 0; location < raw.locationId.length; location++) {
    start.push(frames.length);
    const end = raw.lineEnd.at(location);
    const nameless = (): string =>
      namelessFunction(textAt(mappingFile.get(raw.locationMapping.at(location)) ?? 0));
    if (line === end) add(nameless(), '', 0);
    for (; line < end; line++) {
      const at = functionIndex(raw.lineFunction.at(line));
      if (at === undefined) add(nameless(), '', 0);
      else
        add(
          textAt(raw.functionName.at(at)) || nameless(),
          textAt(raw.functionFile.at(at)),
          Math.min(Math.max(raw.line.at(line), 0), MAX_LINE),
        );
    }
  }
  start.push(frames.length);
  return {
    start: start.take(),
    frames: frames.take(),
    indexOf: indexById(raw.locationId.take(), 'locations'),
    frameFunction: frameFunction.take(),
    frameFile: frameFile.take(),
    frameLine: frameLine.take(),
    functions: functions.list,
    files: files.list,
  };
}

function resolveStacks(raw: RawProfile, locations: Locations): Pick<Profile, 'stackStart' | 'stack'> {
  const stackStart = growIndexes();
  const stack = growIndexes();
  let at = 0;
  for (let sample = 0; sample < raw.sampleCount; sample++) {
    stackStart.push(stack.length);
    for (const end = raw.locationEnd.at(sample); at < end; at++) {
      const location = locations.indexOf(raw.locations.at(at));
      if (location === undefined) throw malformed(`sample ${sample} names a location that is not there`);
      const until = locations.start[location + 1] ?? 0;
      if (stack.length + until - (locations.start[location] ?? 0) > MAX_STACK_FRAMES)
        throw new ProfileDecodeError('too_large', `The stacks have more than ${MAX_STACK_FRAMES} frames.`);
      for (let frame = locations.start[location] ?? 0; frame < until; frame++)
        stack.push(locations.frames[frame] ?? 0);
    }
  }
  stackStart.push(stack.length);
  return { stackStart: stackStart.take(), stack: stack.take() };
}

function checkedValues(raw: RawProfile): Float64Array {
  const types = raw.sampleTypes.length;
  for (let sample = 0; sample < raw.sampleCount; sample++)
    if (raw.valueEnd.at(sample) !== (sample + 1) * types)
      throw malformed(`sample ${sample} has not one value for each of ${types} kinds`);
  return raw.values.take();
}

function resolveLabels({ labels }: RawProfile, textAt: (index: number) => string): Labels {
  const number = growFloats();
  for (const label of labels) number.push(label.number);
  return {
    sample: Uint32Array.from(labels, ({ sample }) => sample),
    key: labels.map(({ key }) => textAt(key)),
    text: labels.map(({ text }) => textAt(text)),
    number: number.take(),
    unit: labels.map(({ unit }) => textAt(unit)),
  };
}

/** What `go tool pprof` calls code without a name: its program in brackets. */
function namelessFunction(program: string): string {
  const base = program.split(/[\\/]/).at(-1) ?? '';
  return base === '' ? '<unknown>' : `[${base}]`;
}

/** Identities need not be dense, nor in order. */
function indexById(ids: Float64Array, what: string): (id: number) => number | undefined {
  const index = new Map<number, number>();
  for (const [at, id] of ids.entries()) {
    if (index.has(id)) throw malformed(`two ${what} have one identity`);
    index.set(id, at);
  }
  return (id) => index.get(id);
}
