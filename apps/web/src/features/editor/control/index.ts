export { ControlStrip } from './control-strip.tsx';
export { TakeTurns } from './take-turns.tsx';
