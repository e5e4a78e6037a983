/** The first JavaScript of a README. */
export function quickStart(readme) {
  const [, source] = /```js\n(.*?)```/s.exec(readme) ?? [];
  if (source === undefined) throw new Error("the README has no JavaScript");
  return source;
}

/** What a program says that it prints: the comments behind its calls of console.log. */
export function expected(source) {
  return [...source.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, printed]) => printed);
}
