import { Compartment, type Extension } from '@codemirror/state';

/** Where carets and points of others go; empty, and their code not loaded, until somebody else comes or one points. */
export const othersSlot = new Compartment();
export const noOthers = (): Extension => othersSlot.of([]);
