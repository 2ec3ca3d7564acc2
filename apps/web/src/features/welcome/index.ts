export { FirstOwner } from './first-owner.tsx';
export { Join } from './join.tsx';
export { Welcome } from './welcome.tsx';
