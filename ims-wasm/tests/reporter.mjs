/** Prints each test, what fails in full, and at the end one line such as cargo's test harnesses print. */
export default async function* report(events) {
  let [passed, failed, skipped] = [0, 0, 0];
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    if (type !== "test:pass" && type !== "test:fail") continue;
    // A file is reported as a test, too.
    if (data.details?.type === "suite" || data.name.endsWith(".test.mjs")) {
      if (type === "test:pass") continue;
    }
    if (data.skip !== undefined) {
      skipped += 1;
      yield `test ${data.name} ... ignored: ${data.skip}\n`;
    } else if (type === "test:pass") {
      passed += 1;
      yield `test ${data.name} ... ok\n`;
    } else {
      failed += 1;
      yield `test ${data.name} ... FAILED\n${data.details?.error?.cause?.stack ?? data.details?.error}\n`;
    }
  }
  const verdict = failed === 0 ? "ok" : "FAILED";
  yield `test result: ${verdict}. ${passed} passed; ${failed} failed; ${skipped} ignored; 0 measured; 0 filtered out\n`;
}
