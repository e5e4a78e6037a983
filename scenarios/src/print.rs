//! Says what came of the stories, in lines that the project's own commands gather into one table.

use crate::{Failure, Played};
use std::io::Write;

/// The line that says in which state a story ended, in which language and on which store.
#[must_use]
pub fn line(story: &str, language: &str, store: &str, hash: &str) -> String {
    format!("scenario {story} {language} {store} {hash}")
}

/// Plays all stories, prints a line for each, and says which do not hold.
///
/// # Errors
/// The names of the stories that do not hold on this store, each with the first difference.
pub fn check_all(store: &str, mut play: impl FnMut(&Played) -> Result<String, Failure>) -> Result<(), String> {
    let stories = crate::all().map_err(|failure| failure.to_string())?;
    let mut wrong = Vec::new();
    for story in stories {
        match play(story) {
            Ok(hash) => say(&line(&story.name, "rust", store, &hash)),
            Err(failure) => wrong.push(format!("{} on {store}: {failure}", story.name)),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Prints past the capture of a test harness: the line is for whoever runs the tests.
fn say(line: &str) {
    // A reader that has gone away does not want to be told.
    let _ = writeln!(std::io::stdout(), "{line}");
}
