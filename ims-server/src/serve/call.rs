//! A request, whatever carried it.

use super::{Answer, Caller, Operation, Problem, Service, auth::Peer, caller::Sight, costs, cursor, reading};
use ims_core::{
    Command, Timestamp,
    report::{Cursor, List, Page, PageRequest, Sort},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// What a request says: the parts that every frontend reads in its own way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// The fields of the path, the query and the body.
    pub(crate) fields: Map<String, Value>,
    /// The idempotency key of a write.
    pub(crate) key: Option<String>,
    /// When it happened, where that was earlier than now.
    pub(crate) occurred_at: Option<Timestamp>,
    /// Whether a command is done or only tried.
    pub(crate) mode: Mode,
    /// Which page of a list.
    pub(crate) page: PageRequest,
    /// From where it came.
    pub(crate) peer: Peer,
    /// The file that came with it.
    pub(crate) file: Vec<u8>,
}

/// Whether a command is done or only tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Done.
    #[default]
    Execute,
    /// Tried: the answer says what it would do.
    Simulate,
}

/// A request that is being answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    /// What answers it.
    pub(crate) service: &'a Service,
    /// What is asked.
    pub(crate) operation: &'a Operation,
    /// Who asks.
    pub(crate) caller: &'a Caller,
    /// What they said.
    pub(crate) said: &'a Said,
}

impl Call<'_> {
    /// The fields as a type that names them all.
    pub(crate) fn fields<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        read(Value::Object(self.said.fields.clone()))
    }

    /// What the caller sees.
    pub(crate) fn sight(&self) -> Sight {
        self.caller.sight()
    }

    /// Answers with what fits into JSON, and with its tag where it is the one row that was asked for.
    pub(crate) fn answer(&self, content: &impl Serialize) -> Result<Answer, Problem> {
        let answer = Answer::of(self.sight(), content)?;
        match self.operation.has_tag() {
            true => Ok(answer.tag(costs::tag(self.sight(), content)?)),
            false => Ok(answer),
        }
    }

    /// Answers with a page of a list.
    pub(crate) fn page<T: Serialize>(&self, page: Page<T>) -> Result<Answer, Problem> {
        let next =
            page.next.map(|next| cursor::seal(self.operation.name, &self.said.fields, self.said.page.sort, &next));
        Answer::page(self.sight(), Page { next, ..page })
    }
}

/// Reads a value, and says where in it the fault is.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    reading::read(value).map_err(|unfit| Problem::at(&unfit.path(), unfit.problem()))
}

/// Reads a command of this name.
pub(crate) fn command(name: &str, fields: Map<String, Value>) -> Result<Command, Problem> {
    let form = Value::Object(Map::from_iter([(name.to_owned(), Value::Object(fields))]));
    reading::read(form).map_err(|unfit| {
        let path = unfit.path();
        // Its caller wrote the fields and not the name before them.
        let path = path.strip_prefix(name).map_or(&*path, |rest| rest.strip_prefix('.').unwrap_or(rest));
        Problem::at(path, unfit.problem())
    })
}

/// The page that a caller asked for.
pub(crate) fn page(limit: Option<u32>, cursor: Option<String>) -> PageRequest {
    PageRequest { after: cursor.map(Cursor), limit: limit.unwrap_or_default(), sort: None }
}

/// The order that a caller asked for: the list's own where they named none.
pub(crate) fn sort(list: List, word: Option<&str>) -> Result<Sort, Problem> {
    let unknown = || Problem::at("sort", &format!("this list can be sorted by {}", list.words()));
    let sort = word.map(str::parse).transpose().map_err(|_| unknown())?;
    PageRequest { sort, ..PageRequest::default() }.sorted(list).map_err(|_| unknown())
}
