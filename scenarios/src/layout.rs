//! Lays JSON out for people: what fits on a line stands on one.

/// Characters of a line, if it can be broken.
const LINE_CHARS: usize = 140;

/// Lays out compact JSON. Whether it is JSON is not checked: what is not comes out in some form.
///
/// ```
/// assert_eq!(ims_scenarios::lay_out(r#"{"a":[1,"x, y"]}"#), "{\"a\": [1, \"x, y\"]}\n");
/// ```
#[must_use]
pub fn lay_out(json: &str) -> String {
    let mut out = String::with_capacity(json.len().saturating_mul(2));
    value(&mut out, json, 0, 0);
    out.push('\n');
    out
}

/// Writes a value that begins after `column` characters of its line, inside of `depth` brackets.
fn value(out: &mut String, json: &str, depth: usize, column: usize) {
    let flat = on_one_line(json);
    let inner = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
    let bracketed = json.starts_with(['{', '[']) && !inner.is_empty();
    if !bracketed || (depth > 1 && column.saturating_add(flat.chars().count()) <= LINE_CHARS) || flat.len() <= SHORT {
        out.push_str(&flat);
        return;
    }
    let (open, close) = if json.starts_with('{') { ('{', '}') } else { ('[', ']') };
    out.push(open);
    for (number, part) in parts(inner, ',').into_iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        new_line(out, depth.saturating_add(1));
        let indent = depth.saturating_add(1).saturating_mul(INDENT.len());
        match parts(part, ':').as_slice() {
            [key, rest] if open == '{' => {
                out.push_str(key);
                out.push_str(": ");
                value(out, rest, depth.saturating_add(1), indent.saturating_add(key.chars().count()).saturating_add(2));
            }
            _ => value(out, part, depth.saturating_add(1), indent),
        }
    }
    new_line(out, depth);
    out.push(close);
}

const INDENT: &str = "  ";
/// Bytes of what is never broken.
const SHORT: usize = 40;

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    (0..depth).for_each(|_| out.push_str(INDENT));
}

fn on_one_line(json: &str) -> String {
    let mut text = Text::default();
    let mut flat = String::with_capacity(json.len().saturating_mul(2));
    for c in json.chars() {
        flat.push(c);
        if text.is_outside(c) && matches!(c, ',' | ':') {
            flat.push(' ');
        }
    }
    flat
}

/// Splits at the separators that stand in no text and in no bracket.
fn parts(json: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut text, mut depth, mut begin) = (Vec::new(), Text::default(), 0_usize, 0);
    for (at, c) in json.char_indices().filter(|(_, c)| text.is_outside(*c)) {
        match c {
            '{' | '[' => depth = depth.saturating_add(1),
            '}' | ']' => depth = depth.saturating_sub(1),
            _ if c == separator && depth == 0 => {
                parts.extend(json.get(begin..at));
                begin = at.saturating_add(c.len_utf8());
            }
            _ => {}
        }
    }
    parts.extend(json.get(begin..));
    parts
}

/// Follows characters and knows which of them stand in a text.
#[derive(Default)]
struct Text {
    inside: bool,
    escaped: bool,
}

impl Text {
    fn is_outside(&mut self, c: char) -> bool {
        if !self.inside {
            self.inside = c == '"';
            return !self.inside;
        }
        let ends = c == '"' && !self.escaped;
        self.escaped = c == '\\' && !self.escaped;
        self.inside = !ends;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_broken_and_what_is_short_is_not() {
        let long = "x".repeat(150);
        let laid_out = lay_out(&format!(r#"{{"about":"{long}","steps":[{{"a":{{}},"b":[]}}]}}"#));
        assert_eq!(laid_out, format!("{{\n  \"about\": \"{long}\",\n  \"steps\": [{{\"a\": {{}}, \"b\": []}}]\n}}\n"));
    }

    #[test]
    fn texts_stay_as_they_are() {
        for text in [r#""a:b,{c\"]d\\""#, r#""""#, r#""\\""#, r#"["\\",":"]"#] {
            assert_eq!(lay_out(text).replace(", ", ",").trim_end(), text);
        }
    }

    #[test]
    fn it_says_the_same_as_before() {
        let json =
            serde_json::json!({"a": [{"b": "x".repeat(200), "c": [1, 2.5, null, true]}, "\u{1f375}\n\"\\"], "d": {}});
        let again: serde_json::Value = serde_json::from_str(&lay_out(&json.to_string())).unwrap();
        assert_eq!(again, json);
    }
}
