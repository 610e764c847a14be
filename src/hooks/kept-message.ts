// The file that git hands to a commit-msg hook → the part of it that the commit keeps.

/**
 * The message without what `git commit --verbose` and `--cleanup=scissors` put below the scissors line: the diff there
 * shows removed lines, too, and is not part of the commit. The line counts only with git's own explanation below it.
 * Comments stay: whether git drops them depends on how the message came to be. Contract: git-commit(1), "--cleanup".
 */
export function keptMessage(text: string): string {
  const scissors = /^(\S{1,8}) -{24} >8 -{24}\r?\n(?=\1)/m.exec(text);
  return scissors === null ? text : text.slice(0, scissors.index);
}
