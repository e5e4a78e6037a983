//! The files, as they are kept and as they are played.

use crate::{Failure, Recipe, generate::generate, record};
use futures_executor::block_on;
use ims_core::{Answer, Command, Context, MemoryStore};
use serde::{Deserialize, Serialize};
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// A scenario as its file says it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The name of its file, without the ending.
    pub name: String,
    /// What it tells.
    pub about: String,
    /// Its commands.
    pub story: Story,
    /// The hash that its file says, if it says one.
    pub state_hash: Option<String>,
}

/// Where the commands of a scenario come from.
#[derive(Clone, Debug)]
pub enum Story {
    /// They are in its file.
    Told(Vec<Told>),
    /// They are made from a seed.
    Generated(Recipe),
}

/// A command of a file, and its answer where one is accepted already.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    context: Context,
    command: Command,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<Answer>,
}

/// A command and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Who gives the command and when.
    pub context: Context,
    /// The command.
    pub command: Command,
    /// Its answer.
    pub answer: Answer,
}

/// A scenario with all its commands and answers: its expanded form.
#[derive(Clone, Debug, Serialize)]
pub struct Played {
    /// Its name, which is not part of its JSON form.
    #[serde(skip)]
    pub name: String,
    /// What it tells.
    pub about: String,
    /// Everything that happens.
    pub steps: Vec<Step>,
    /// The hash of the state at the end.
    pub state_hash: String,
}

/// The form of a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    about: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<Told>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    generate: Option<Recipe>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state_hash: Option<String>,
}

/// The folder of the files.
///
/// Cargo says at run time where the crate is that it runs; a build that is shared by several checkouts remembers
/// another one.
#[must_use]
pub fn folder() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.with_file_name("scenarios")
}

/// Reads all files of the [`folder`], in the order of their names.
///
/// # Errors
/// Where a file cannot be read, or is not a scenario.
pub fn read_all() -> Result<Vec<Scenario>, Failure> {
    let folder = folder();
    let unreadable = |source| Failure::File { path: folder.clone(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
    files.sort();
    files.iter().map(|path| Scenario::read(path)).collect()
}

/// Gives all scenarios in their expanded form. They are made once in a process.
///
/// # Errors
/// As [`read_all`] and [`Scenario::expand`].
pub fn all() -> Result<&'static [Played], &'static Failure> {
    static ALL: OnceLock<Result<Vec<Played>, Failure>> = OnceLock::new();
    let all = ALL.get_or_init(|| read_all()?.into_iter().map(Scenario::expand).collect());
    all.as_ref().map(Vec::as_slice)
}

impl Scenario {
    fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|source| Failure::File { path: path.to_owned(), source })?;
        let wrong = |problem: String| Failure::Form { path: path.to_owned(), problem };
        let form: Form = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let story = match (form.steps, form.generate) {
            (Some(steps), None) => Story::Told(steps),
            (None, Some(recipe)) => Story::Generated(recipe),
            _ => return Err(wrong("there must be steps, or a recipe that generates them".to_owned())),
        };
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Scenario { name, about: form.about, story, state_hash: form.state_hash })
    }

    fn path(&self) -> PathBuf {
        folder().join(&self.name).with_extension("json")
    }

    fn wrong(&self, problem: &str) -> Failure {
        Failure::Form { path: self.path(), problem: problem.to_owned() }
    }

    /// Gives every command with the answer that is accepted. What is in a file is not played here; what is generated has
    /// to be played to be known.
    ///
    /// # Errors
    /// Where nothing is accepted yet, or the generated commands end in another state.
    pub fn expand(self) -> Result<Played, Failure> {
        let Some(state_hash) = self.state_hash.clone() else {
            return Err(self.wrong("there is no state hash: accept one"));
        };
        match &self.story {
            Story::Told(steps) => {
                let steps = steps.iter().map(Told::with_answer).collect::<Option<Vec<Step>>>();
                let steps = steps.ok_or_else(|| self.wrong("a step has no answer: accept one"))?;
                Ok(Played { name: self.name, about: self.about, steps, state_hash })
            }
            Story::Generated(_) => {
                let played = self.play_anew()?;
                match played.state_hash == state_hash {
                    true => Ok(played),
                    false => Err(Failure::OtherState { expected: state_hash, found: played.state_hash }),
                }
            }
        }
    }

    /// Plays it on a new [`MemoryStore`], whatever was accepted before.
    ///
    /// # Errors
    /// Where a command has no answer.
    pub fn play_anew(&self) -> Result<Played, Failure> {
        let (steps, state_hash) = match &self.story {
            Story::Told(steps) => {
                let commands = steps.iter().map(|step| (step.context.clone(), step.command.clone())).collect();
                block_on(record(MemoryStore::new(), commands))?
            }
            Story::Generated(recipe) => block_on(generate(*recipe))?,
        };
        Ok(Played { name: self.name.clone(), about: self.about.clone(), steps, state_hash })
    }

    /// Writes its file anew, with these answers and this hash.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn accept(&self, played: &Played) -> Result<(), Failure> {
        let (steps, generate) = match &self.story {
            Story::Told(_) => (Some(played.steps.iter().cloned().map(Told::from).collect()), None),
            Story::Generated(recipe) => (None, Some(*recipe)),
        };
        let form = Form { about: self.about.clone(), steps, generate, state_hash: Some(played.state_hash.clone()) };
        let json = serde_json::to_string(&form).map_err(|error| self.wrong(&error.to_string()))?;
        let path = self.path();
        fs::write(&path, crate::lay_out(&json)).map_err(|source| Failure::File { path, source })
    }
}

impl Told {
    fn with_answer(&self) -> Option<Step> {
        let answer = self.answer.clone()?;
        Some(Step { context: self.context.clone(), command: self.command.clone(), answer })
    }
}

impl From<Step> for Told {
    fn from(Step { context, command, answer }: Step) -> Self {
        Told { context, command, answer: Some(answer) }
    }
}
