/** Ends a test unless both are the same, as JSON sees them. */
export function equal(found, expected, what = "it") {
  const [left, right] = [canonical(found), canonical(expected)];
  if (left !== right) throw new Error(`${what} is ${left}, and should be ${right}`);
}

/** Ends a test unless a condition holds. */
export function ensure(condition, what) {
  if (!condition) throw new Error(what);
}

/** The error that a promise ends with; ends the test where it ends with none. */
export async function thrown(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`no error, but ${canonical(value)}`);
}

/** Ends a test unless a promise ends with an error of a class, with a code; gives the error. */
export async function fails(promise, kind, code) {
  const error = await thrown(promise);
  ensure(error instanceof kind && error.code === code, `${error} should be a ${kind.name} with code ${code}`);
  return error;
}

function canonical(value) {
  return JSON.stringify(value, (_, part) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
