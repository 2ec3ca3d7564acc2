export { matchPath, withSearch } from './address.ts';
export {
  changeSearch,
  currentPlace,
  navigate,
  startNavigation,
  subscribeToPlace,
  type Place,
} from './history.ts';
export { Link } from './link.tsx';
export { NavigationContext, useNavigation, useParam, useSearch } from './navigation.ts';
export { places } from './places.ts';
