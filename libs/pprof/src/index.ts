export {
  buildCallTree,
  nodeAtPath,
  pathTo,
  ROOT_FUNCTION,
  type CallTree,
  type TreeView,
} from './call-tree.ts';
export { decodeProfile } from './decode.ts';
export { formatShare, formatValue } from './format-value.ts';
export { originOf, packageOf, shortName, type Origin } from './function-name.ts';
export { functionCosts, lineCosts, totalOf, type Costs } from './function-table.ts';
export { HeatSum } from './heat-sum.ts';
export { hotFunctions, sourceHeat, topFrames, type HotFunction, type LineCost } from './hot-functions.ts';
export { boxAt, layoutTree, type Layout, type LayoutOptions } from './layout.ts';
export * from './limits.ts';
export { mergeProfiles } from './merge-profiles.ts';
export { ProfileDecodeError, type ProfileDecodeCode } from './profile-decode-error.ts';
export type { Labels, Profile, ValueType } from './profile.ts';
export { searchTree, type Found } from './search.ts';
