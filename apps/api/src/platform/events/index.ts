export { type DomainEventMap, DomainEvents } from './domain-events.ts';
