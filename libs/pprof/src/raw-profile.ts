import { growFloats, growIndexes, type Growable } from './growable.ts';
import { MAX_RECORDS, MAX_SAMPLE_TYPES } from './limits.ts';
import { ProfileDecodeError } from './profile-decode-error.ts';
import { malformed, ProtoReader } from './proto-reader.ts';

/** The records of a file as they stand in it: names are places in the string table, identities are not yet followed. */
export type RawProfile = {
  strings: string[];
  sampleTypes: RawValueType[];
  periodType: RawValueType | null;
  sampleCount: number;
  values: Growable<Float64Array>;
  valueEnd: Growable<Uint32Array>;
  locations: Growable<Float64Array>;
  locationEnd: Growable<Uint32Array>;
  labels: { sample: number; key: number; text: number; number: number; unit: number }[];
  mappings: { id: number; file: number }[];
  locationId: Growable<Float64Array>;
  locationMapping: Growable<Float64Array>;
  lineEnd: Growable<Uint32Array>;
  lineFunction: Growable<Float64Array>;
  line: Growable<Float64Array>;
  functionId: Growable<Float64Array>;
  functionName: Growable<Float64Array>;
  functionFile: Growable<Float64Array>;
  timeNanos: number;
  durationNanos: number;
  period: number;
  comments: number[];
  defaultType: number;
};
type RawValueType = { type: number; unit: number };

const empty = (): RawProfile => ({
  strings: [],
  sampleTypes: [],
  periodType: null,
  sampleCount: 0,
  values: growFloats(),
  valueEnd: growIndexes(),
  locations: growFloats(),
  locationEnd: growIndexes(),
  labels: [],
  mappings: [],
  locationId: growFloats(),
  locationMapping: growFloats(),
  lineEnd: growIndexes(),
  lineFunction: growFloats(),
  line: growFloats(),
  functionId: growFloats(),
  functionName: growFloats(),
  functionFile: growFloats(),
  timeNanos: 0,
  durationNanos: 0,
  period: 0,
  comments: [],
  defaultType: 0,
});

/** Reads `Profile` of google/pprof proto/profile.proto. @throws ProfileDecodeError */
export function readRawProfile(bytes: Uint8Array): RawProfile {
  const raw = empty();
  const reader = new ProtoReader(bytes);
  const decoder = new TextDecoder();
  const text = (encoded: Uint8Array): string => decoder.decode(encoded);
  const end = bytes.length;
  try {
    while (reader.next(end)) readField(reader, raw, text, end);
  } catch (error) {
    // Every writer puts the sample types first, so what breaks before them was never a profile.
    if (error instanceof ProfileDecodeError && error.code !== 'too_large' && raw.sampleTypes.length === 0)
      throw new ProfileDecodeError('not_a_profile', 'The file is not a pprof profile.', { cause: error });
    throw error;
  }
  if (raw.sampleTypes.length === 0)
    throw new ProfileDecodeError('not_a_profile', 'The file names no kind of sample.');
  return raw;
}

function readField(
  reader: ProtoReader,
  raw: RawProfile,
  text: (encoded: Uint8Array) => string,
  end: number,
): void {
  switch (reader.field) {
    case 1:
      roomFor(raw.sampleTypes.length, 'kinds of samples', MAX_SAMPLE_TYPES);
      raw.sampleTypes.push(readValueType(reader, reader.nested(end)));
      return;
    case 2:
      return readSample(reader, raw, reader.nested(end));
    case 3:
      return readMapping(reader, raw, reader.nested(end));
    case 4:
      return readLocation(reader, raw, reader.nested(end));
    case 5:
      return readFunction(reader, raw, reader.nested(end));
    case 6: {
      const inner = reader.nested(end);
      roomFor(raw.strings.length, 'strings');
      raw.strings.push(text(reader.bytes.subarray(reader.pos, inner)));
      reader.pos = inner;
      return;
    }
    case 9:
      raw.timeNanos = reader.int(end);
      return;
    case 10:
      raw.durationNanos = reader.int(end);
      return;
    case 11:
      raw.periodType = readValueType(reader, reader.nested(end));
      return;
    case 12:
      raw.period = reader.int(end);
      return;
    case 13:
      return reader.ints(end, (comment) => {
        roomFor(raw.comments.length, 'comments');
        raw.comments.push(comment);
      });
    case 14:
      raw.defaultType = reader.int(end);
      return;
    default:
      return reader.skip(end);
  }
}

function readValueType(reader: ProtoReader, end: number): RawValueType {
  const read = { type: 0, unit: 0 };
  while (reader.next(end)) {
    if (reader.field === 1) read.type = reader.int(end);
    else if (reader.field === 2) read.unit = reader.int(end);
    else reader.skip(end);
  }
  return read;
}

function readSample(reader: ProtoReader, raw: RawProfile, end: number): void {
  roomFor(raw.sampleCount, 'samples');
  while (reader.next(end)) {
    if (reader.field === 1) reader.ids(end, (id) => raw.locations.push(id));
    else if (reader.field === 2) reader.ints(end, (value) => raw.values.push(value));
    else if (reader.field === 3) readLabel(reader, raw, reader.nested(end));
    else reader.skip(end);
  }
  raw.locationEnd.push(raw.locations.length);
  raw.valueEnd.push(raw.values.length);
  raw.sampleCount++;
}

function readLabel(reader: ProtoReader, raw: RawProfile, end: number): void {
  roomFor(raw.labels.length, 'labels');
  const label = { sample: raw.sampleCount, key: 0, text: 0, number: 0, unit: 0 };
  while (reader.next(end)) {
    if (reader.field === 1) label.key = reader.int(end);
    else if (reader.field === 2) label.text = reader.int(end);
    else if (reader.field === 3) label.number = reader.int(end);
    else if (reader.field === 4) label.unit = reader.int(end);
    else reader.skip(end);
  }
  raw.labels.push(label);
}

function readMapping(reader: ProtoReader, raw: RawProfile, end: number): void {
  roomFor(raw.mappings.length, 'mappings');
  const mapping = { id: 0, file: 0 };
  while (reader.next(end)) {
    if (reader.field === 1) mapping.id = reader.id(end);
    else if (reader.field === 5) mapping.file = reader.int(end);
    else reader.skip(end);
  }
  raw.mappings.push(mapping);
}

function readLocation(reader: ProtoReader, raw: RawProfile, end: number): void {
  roomFor(raw.locationId.length, 'locations');
  let id = 0;
  let mapping = 0;
  while (reader.next(end)) {
    if (reader.field === 1) id = reader.id(end);
    else if (reader.field === 2) mapping = reader.id(end);
    else if (reader.field === 4) readLine(reader, raw, reader.nested(end));
    else reader.skip(end);
  }
  if (id === 0) throw malformed('a location has no identity');
  raw.locationId.push(id);
  raw.locationMapping.push(mapping);
  raw.lineEnd.push(raw.line.length);
}

function readLine(reader: ProtoReader, raw: RawProfile, end: number): void {
  roomFor(raw.line.length, 'lines');
  let functionId = 0;
  let line = 0;
  while (reader.next(end)) {
    if (reader.field === 1) functionId = reader.id(end);
    else if (reader.field === 2) line = reader.int(end);
    else reader.skip(end);
  }
  raw.lineFunction.push(functionId);
  raw.line.push(line);
}

function readFunction(reader: ProtoReader, raw: RawProfile, end: number): void {
  roomFor(raw.functionId.length, 'functions');
  let id = 0;
  let name = 0;
  let file = 0;
  while (reader.next(end)) {
    if (reader.field === 1) id = reader.id(end);
    else if (reader.field === 2) name = reader.int(end);
    else if (reader.field === 4) file = reader.int(end);
    else reader.skip(end);
  }
  if (id === 0) throw malformed('a function has no identity');
  raw.functionId.push(id);
  raw.functionName.push(name);
  raw.functionFile.push(file);
}

function roomFor(count: number, what: string, most = MAX_RECORDS): void {
  if (count >= most) throw new ProfileDecodeError('too_large', `The profile has more than ${most} ${what}.`);
}
