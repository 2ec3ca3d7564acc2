export * from './gen/lineage/runner/v1/runner_pb.ts';
export { proof, proofInterceptor } from './agent-proof.ts';
