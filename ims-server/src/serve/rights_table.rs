//! The table of rights in `docs/rights.md`: which role may ask which operation. A reviewer reads the file, and this test
//! holds it to what the server does.

use super::{
    Operation,
    caller::{Caller, Proof},
    operation::{Access, Verb},
    right::{Right, Role},
};
use std::{fmt::Write, fs, path::Path, sync::Arc};

const HEAD: &str = "\
# Rights

What each role may ask, operation by operation. Nothing may be asked that is not in the list of a role; an API key may ask
what its scopes name, as far as its owner may. `cargo test -p ims-server rights_table` compares this page with the server,
and writes it anew with `IMS_ACCEPT=1`; a change of it is a change of who may do what.

Costs, values and profits are left out of every answer for those without `costs:read`, and whom a document was made out to
for those without `parties:read`. A return of goods of no order, one that states a reason to refund more than was paid, and a
sale with a price below zero need `refunds:write` as well as the right in the list. Whoever works at one site sees and
does only what is of that site; what is about the whole shop is refused to them: to retire a supplier or a customer, too.
Profit by customer needs `parties:read`, too. A webhook is added by whoever may read all that it is told: `events:read` and the
rights to read each kind of row, and `costs:read` where it is told costs. What changes users, invitations and keys is for
people who sign in, and refused to API keys.

";

fn caller(role: Role) -> Caller {
    let rights = Arc::new(role.rights().iter().copied().collect());
    Caller { name: "user:somebody".into(), role, rights, site: None, proof: Proof::Nothing }
}

fn word(role: Role) -> String {
    format!("{role:?}").to_lowercase()
}

fn method(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
        Verb::Put => "PUT",
        Verb::Patch => "PATCH",
        Verb::Delete => "DELETE",
    }
}

/// What the server itself decides for each role.
fn table() -> String {
    let mut page = HEAD.to_owned();
    let roles = Role::ALL.map(word).join(" | ");
    let _ = writeln!(page, "| operation | request | right | {roles} |");
    let _ = writeln!(page, "|---|---|---|{}", "---|".repeat(Role::ALL.len()));
    for operation in Operation::all() {
        let (right, marks) = match operation.access {
            Access::Everybody => ("whoever reaches the server".to_owned(), Role::ALL.map(|_| "yes")),
            Access::SignedIn => ("of each command".to_owned(), Role::ALL.map(|_| "yes")),
            Access::With(right) => {
                let mark = |role| if caller(role).must(right).is_ok() { "yes" } else { "" };
                (format!("`{}`", right.word()), Role::ALL.map(mark))
            }
        };
        let request = format!("`{} {}`", method(operation.verb), operation.path);
        let _ = writeln!(page, "| `{}` | {request} | {right} | {} |", operation.name, marks.join(" | "));
    }
    let _ =
        writeln!(page, "\n## The rights of each role\n\n| right | {roles} |\n|---|{}", "---|".repeat(Role::ALL.len()));
    for right in Right::ALL {
        let marks = Role::ALL.map(|role| if role.has(*right) { "yes" } else { "" });
        let _ = writeln!(page, "| `{}` | {} |", right.word(), marks.join(" | "));
    }
    page
}

#[test]
#[allow(clippy::unwrap_used)]
fn the_table_of_rights_is_what_the_server_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rights.md");
    if std::env::var_os("IMS_ACCEPT").is_some() {
        fs::write(&path, table()).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        written == table(),
        "docs/rights.md is not what the server does; look at it with IMS_ACCEPT=1 and `git diff`"
    );
}

#[test]
fn whoever_has_no_right_may_ask_nothing_that_needs_one() {
    let nobody = Caller::nobody();
    let may: Vec<&str> = Operation::all()
        .filter(|operation| matches!(operation.access, Access::With(right) if nobody.must(right).is_ok()))
        .map(|operation| operation.name)
        .collect();
    assert!(may.is_empty(), "{may:?}");
}
