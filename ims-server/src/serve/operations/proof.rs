//! Proving the store.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Access, Answering, Key, Task, Verb},
};
use ims_core::Reports;

/// What the operation is called: it may take longer than a request may.
pub(crate) const NAME: &str = "verify_store";

pub(super) const OPERATIONS: &[Operation] = &[Operation::task(
    NAME,
    Verb::Post,
    "/v1/admin/verify",
    Access::With(Right::Administer),
    Task {
        run: |call| -> Answering<'_> { Box::pin(verify(call)) },
        summary: "Proves over the whole store, as of one moment, that goods, promises, costs and money add up. It takes as \
                  long as there is much to read, and no timeout of the server ends it.",
        body: None,
        answer: "Verdict",
        key: Key::Without,
    },
)];

pub(super) const SCHEMAS: &str = r##"{
  "Verdict": {
    "description": "What a proof of the store has found.",
    "type": "object",
    "properties": {
      "ok": {"type": "boolean", "description": "Whether nothing is broken."},
      "state_hash": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The hash of the shop's state."},
      "counts": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}, "description": "How many rows there are, by table."},
      "broken": {
        "description": "What does not add up; not more than can be read.",
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "promise": {"type": "string", "enum": ["conservation", "no oversell", "costs add up", "money adds up", "a log without gaps", "one name", "numbers without gaps", "as the log tells"]},
            "row": {"type": "string", "description": "Which row."},
            "finding": {"type": "string", "description": "What it has, and what it should have."}
          },
          "required": ["promise", "row", "finding"]
        }
      }
    },
    "required": ["ok", "state_hash", "counts", "broken"]
  }
}"##;

async fn verify(call: Call<'_>) -> Result<Answer, Problem> {
    super::users::Nothing {} = call.fields()?;
    call.answer(&call.service.store().verify().await?)
}
