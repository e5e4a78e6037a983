/// Writes a command as a line that a POSIX shell reads back as the same words.
pub(super) fn line<I>(words: I) -> String
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let words: Vec<String> = words.into_iter().map(|word| quoted(word.as_ref())).collect();
    words.join(" ")
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_shell_reads_back_the_same_words() {
        let words = ["plain", "two words", "it's", "$HOME `id` \\ \"", "", "*"];
        let script = format!("printf '%s\\n' {}", line(words));
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), words.map(|word| format!("{word}\n")).concat());
    }
}
