export { Endpoint, EndpointBody, IdempotencyKey, ReceivedAt } from './endpoint.ts';
export { UpgradeRouter } from './upgrade-router.ts';
export { validationPipe } from './validation.pipe.ts';
