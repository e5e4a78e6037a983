use super::super::numbers::{FieldNumbers, Numbered};
use super::{Answers, Enum, Field, Fields, Label, Message, ProtoFile, Rpc, upper};

const HEADER: &str = "\
// Written by `cargo xtask forms` from the Rust sources of ims-core; change those.
//
// Ids are UUIDs, quantities and amounts decimal numbers, moments RFC 3339 in UTC, days yyyy-mm-dd: all of them text, so
// that nothing is rounded on the way; what a text is stands behind its field. A number that the caller may not see is an
// empty text.

syntax = \"proto3\";
";

const PACKAGE: &str = "ims.v1";

const SERVICE_DOC: &str = "A shop's stock, orders, purchases and reports. A command comes with two entries of metadata: \
    `idempotency-key`, the id that its caller made for it and sends again unchanged until there is an answer, and, where \
    it happened earlier than now, `occurred-at`. A command that was refused is a status with an `ErrorInfo` whose reason \
    is the code of the refusal, and a `Rejection`.";

/// The longest line of a comment, without its indent.
const COMMENT_CHARS: usize = 100;

/// Writes the file, and gives new fields their numbers.
pub(crate) fn print(file: &ProtoFile, numbers: &mut FieldNumbers) -> String {
    let mut printer = Printer { text: format!("{HEADER}\npackage {PACKAGE};\n"), numbers };
    printer.service(&file.rpcs);
    for message in &file.messages {
        printer.text.push('\n');
        printer.message("", message, 0);
    }
    for made in &file.enums {
        printer.text.push('\n');
        printer.enumeration(made);
    }
    printer.text
}

struct Printer<'a> {
    text: String,
    numbers: &'a mut FieldNumbers,
}

impl Printer<'_> {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comment(&mut self, depth: usize, doc: &str) {
        for paragraph in doc.lines() {
            for line in wrapped(paragraph) {
                self.line(depth, format!("// {line}").trim_end());
            }
        }
    }

    fn service(&mut self, rpcs: &[Rpc]) {
        self.text.push('\n');
        self.comment(0, SERVICE_DOC);
        self.line(0, "service Inventory {");
        for Rpc { name, doc, request, answer, answers } in rpcs {
            let stream = if *answers == Answers::Stream { "stream " } else { "" };
            self.comment(1, doc);
            // Inside the service, a bare name would be that of the method.
            let is_method = rpcs.iter().any(|rpc| rpc.name == *answer);
            let answer = if is_method { format!(".{PACKAGE}.{answer}") } else { answer.clone() };
            self.line(1, &format!("rpc {name}({request}) returns ({stream}{answer});"));
        }
        self.line(0, "}");
    }

    fn message(&mut self, outer: &str, message: &Message, depth: usize) {
        let Message { name, doc, fields, nested } = message;
        let whole = if outer.is_empty() { name.clone() } else { format!("{outer}.{name}") };
        let inner = depth.saturating_add(1);
        let (one_of, fields) = match fields {
            Fields::All(fields) => (None, fields),
            Fields::OneOf(one_of, fields) => (Some(one_of), fields),
        };
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let numbered = self.numbers.number(&whole, 1, &names);
        self.comment(depth, doc);
        if fields.is_empty() && nested.is_empty() && numbered.gone.is_empty() {
            self.line(depth, &format!("message {name} {{}}"));
            return;
        }
        self.line(depth, &format!("message {name} {{"));
        self.reserved(inner, &numbered);
        nested.iter().for_each(|message| self.message(&whole, message, inner));
        if let Some(one_of) = one_of {
            self.line(inner, &format!("oneof {one_of} {{"));
        }
        let at = if one_of.is_some() { inner.saturating_add(1) } else { inner };
        for (field, number) in fields.iter().zip(numbered.numbers) {
            self.field(at, field, number);
        }
        if one_of.is_some() {
            self.line(inner, "}");
        }
        self.line(depth, "}");
    }

    fn field(&mut self, depth: usize, field: &Field, number: u32) {
        let Field { name, doc, label, type_name, meaning } = field;
        let label = match label {
            Label::Plain => "",
            Label::Optional => "optional ",
            Label::Repeated => "repeated ",
        };
        let meaning = meaning.as_ref().map_or_else(String::new, |meaning| format!("  // {meaning}"));
        self.comment(depth, doc);
        self.line(depth, &format!("{label}{type_name} {name} = {number};{meaning}"));
    }

    fn enumeration(&mut self, made: &Enum) {
        let Enum { name, doc, values, usual } = made;
        let prefix = upper(name);
        let whole: Vec<String> = values.iter().map(|(value, _)| format!("{prefix}_{value}")).collect();
        let names: Vec<&str> = whole.iter().map(String::as_str).collect();
        let numbered = self.numbers.number(name, 1, &names);
        self.comment(0, doc);
        self.line(0, &format!("enum {name} {{"));
        self.reserved(1, &numbered);
        match usual {
            Some(usual) => self.comment(1, &format!("The same as {prefix}_{usual}.")),
            None => self.comment(1, "Nothing was said."),
        }
        self.line(1, &format!("{prefix}_UNSPECIFIED = 0;"));
        for ((_, doc), (name, number)) in values.iter().zip(names.iter().zip(numbered.numbers)) {
            self.comment(1, doc);
            self.line(1, &format!("{name} = {number};"));
        }
        self.line(0, "}");
    }

    fn reserved(&mut self, depth: usize, numbered: &Numbered) {
        if numbered.gone.is_empty() {
            return;
        }
        let numbers: Vec<String> = numbered.gone.iter().map(|(_, number)| number.to_string()).collect();
        let names: Vec<String> = numbered.gone.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        self.line(depth, &format!("reserved {};", numbers.join(", ")));
        self.line(depth, &format!("reserved {};", names.join(", ")));
    }
}

/// Breaks a paragraph into lines; an empty one is one empty line.
fn wrapped(paragraph: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in paragraph.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count().saturating_add(word.chars().count()) < COMMENT_CHARS {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
