import { equal } from "./check.mjs";

/** Replays a scenario by its JSON, compares every answer, and gives the state hash, which must be the scenario's. */
export async function replay(ims, scenario) {
  for (const [place, { context, command, answer }] of scenario.steps.entries()) {
    const found = await ims.executeJson(JSON.stringify(context), JSON.stringify(command));
    equal(JSON.parse(found), answer, `the answer to step ${place}`);
  }
  const { ok, stateHash, broken } = await ims.verify();
  equal([ok, broken], [true, []], "the verdict");
  equal(stateHash, scenario.state_hash, "the state hash");
  return stateHash;
}
