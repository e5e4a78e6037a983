use std::path::PathBuf;

/// Why a story does not hold, or cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// A file has another form.
    #[error("{}: {problem}", path.display())]
    Form {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A command has no answer.
    #[error("step {step}: no answer: {error}")]
    NoAnswer {
        /// Which step, counted from 0.
        step: usize,
        /// Why.
        error: ims_core::Error,
    },
    /// A command was answered otherwise than the story says.
    #[error("step {step}: the answer is\n{found}\nand not\n{expected}")]
    OtherAnswer {
        /// Which step, counted from 0.
        step: usize,
        /// What the story says, as JSON.
        expected: String,
        /// What it was answered, as JSON.
        found: String,
    },
    /// The shop ended in another state than the story says.
    #[error("the state hash is {found} and not {expected}")]
    OtherState {
        /// What the story says.
        expected: String,
        /// What it is.
        found: String,
    },
    /// The shop ended in a state that cannot be right.
    #[error("a promise is broken: {what}")]
    Broken {
        /// The rows that break it.
        what: String,
    },
    /// The store failed when it was opened or read.
    #[error(transparent)]
    Store(#[from] ims_core::StoreError),
}
