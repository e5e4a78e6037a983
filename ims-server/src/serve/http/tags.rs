//! Entity tags in headers: `If-Match` and `If-None-Match` (RFC 9110, 8.8.3 and 13.1).

use crate::serve::Problem;
use axum::http::{HeaderMap, HeaderName, header};

/// What a condition names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tags<'a> {
    /// Whatever there is.
    Any,
    /// One of these.
    These(Vec<Tag<'a>>),
}

/// A tag as somebody wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// What stands between its quotes.
    inside: &'a str,
    kind: Kind,
}

/// How much two tags that are alike say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// What they stand for is the same, byte for byte.
    Strong,
    /// It means the same: whoever packs answers on their way weakens their tags.
    Weak,
}

impl<'a> Tags<'a> {
    /// Reads a list of tags, or `*`; nothing where it is neither.
    fn read(text: &'a str) -> Option<Tags<'a>> {
        const BLANK: [char; 3] = [' ', '\t', ','];
        if text.trim() == "*" {
            return Some(Tags::Any);
        }
        let (mut tags, mut rest) = (Vec::new(), text.trim_start_matches(BLANK));
        while !rest.is_empty() {
            let (kind, quoted) = match rest.strip_prefix("W/") {
                Some(quoted) => (Kind::Weak, quoted),
                None => (Kind::Strong, rest),
            };
            let (inside, after) = quoted.strip_prefix('"')?.split_once('"')?;
            if inside.contains([' ', '\t']) {
                return None;
            }
            tags.push(Tag { inside, kind });
            let next = after.trim_start_matches([' ', '\t']);
            if !(next.is_empty() || next.starts_with(',')) {
                return None;
            }
            rest = next.trim_start_matches(BLANK);
        }
        (!tags.is_empty()).then_some(Tags::These(tags))
    }

    /// Whether something with this tag is named, by the weak comparison.
    fn name_weakly(&self, tag: &str) -> bool {
        match self {
            Tags::Any => true,
            Tags::These(tags) => tags.iter().any(|one| one.inside == tag),
        }
    }

    /// Whether something with this tag is named, by the strong comparison.
    fn name_strongly(&self, tag: &str) -> bool {
        match self {
            Tags::Any => true,
            Tags::These(tags) => tags.iter().any(|one| one.kind == Kind::Strong && one.inside == tag),
        }
    }
}

/// Whether `If-None-Match` says that its caller has what has this tag. What cannot be read names nothing.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lists = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lists.filter_map(Tags::read).any(|tags| tags.name_weakly(tag))
}

/// Whether what has this tag is what `If-Match` wants, where it wants something.
pub(crate) fn is_wanted(headers: &HeaderMap, tag: &str) -> Result<bool, Problem> {
    Ok(wanted(headers)?.is_none_or(|tags| tags.name_strongly(tag)))
}

/// Reads `If-Match` of a change: the tags of which one has to be its row's, with commas between them. `*` asks for nothing more
/// than that it is there, which a change asks for anyway. A weak tag is what nothing has.
pub(crate) fn seen(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let tags = match wanted(headers)? {
        None | Some(Tags::Any) => return Ok(None),
        Some(Tags::These(tags)) => tags,
    };
    let seen = |tag: &Tag<'_>| match tag.kind {
        Kind::Strong => tag.inside.to_owned(),
        Kind::Weak => format!("W/\"{}\"", tag.inside),
    };
    Ok(Some(tags.iter().map(seen).collect::<Vec<_>>().join(", ")))
}

/// Refuses `If-None-Match` where something is changed: it asks whether there is something new to read.
pub(crate) fn must_not_ask(headers: &HeaderMap) -> Result<(), Problem> {
    let name: HeaderName = header::IF_NONE_MATCH;
    match headers.contains_key(&name) {
        true => {
            Err(Problem::at("If-None-Match", "it is for reading; a change takes the ETag of what you saw in If-Match"))
        }
        false => Ok(()),
    }
}

fn wanted(headers: &HeaderMap) -> Result<Option<Tags<'_>>, Problem> {
    let Some(text) = super::request::text(headers, header::IF_MATCH.as_str())? else { return Ok(None) };
    Tags::read(text).map(Some).ok_or_else(unreadable)
}

fn unreadable() -> Problem {
    Problem::at(
        "If-Match",
        "it must be the ETag that was read, such as \"0123…\", several of them with commas between, or *",
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn asked(name: HeaderName, values: &[&str]) -> HeaderMap {
        let values = values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap()));
        values.collect()
    }

    #[test]
    fn what_is_known_is_compared_weakly() {
        for (values, known) in [
            (&["\"x\""][..], true),
            (&["W/\"x\""], true),
            (&["*"], true),
            (&[" * "], true),
            (&["\"a\", W/\"x\""], true),
            (&[",, \"a\"\t,\"x\","], true),
            (&["\"a\"", "W/\"x\""], true),
            (&["\"a,x\""], false),
            (&["\"a,\"", "\"x\""], true),
            (&["x"], false),
            (&["w/\"x\""], false),
            (&["W/ \"x\""], false),
            (&["\"a\" \"x\""], false),
            (&["\"x"], false),
            (&["*, \"x\""], false),
            (&[""], false),
            (&[], false),
        ] {
            assert_eq!(is_known(&asked(header::IF_NONE_MATCH, values), "x"), known, "{values:?}");
        }
    }

    #[test]
    fn what_is_wanted_is_compared_strongly() {
        for (value, wanted) in [
            ("\"x\"", true),
            ("*", true),
            ("\"a\", \"x\"", true),
            ("W/\"x\"", false),
            ("W/\"x\", \"a\"", false),
            ("\"a\"", false),
        ] {
            assert_eq!(is_wanted(&asked(header::IF_MATCH, &[value]), "x").unwrap(), wanted, "{value}");
        }
        assert!(is_wanted(&HeaderMap::new(), "x").unwrap());
        for value in ["x", "", "\"x", "*, \"x\"", "\"a\" \"x\""] {
            let refused = is_wanted(&asked(header::IF_MATCH, &[value]), "x").unwrap_err();
            assert_eq!(refused.fields().get("at").unwrap(), "If-Match", "{value}");
        }
    }

    #[test]
    fn a_change_is_told_the_tags_that_were_seen() {
        let seen = |value: &str| seen(&asked(header::IF_MATCH, &[value]));
        assert_eq!(seen("\"x\"").unwrap().as_deref(), Some("x"));
        assert_eq!(seen("W/\"a\", \"x\"").unwrap().as_deref(), Some("W/\"a\", x"));
        assert_eq!(seen("W/\"x\"").unwrap().as_deref(), Some("W/\"x\""));
        assert_eq!(seen("*").unwrap(), None);
        assert_eq!(seen("\"x\",\"y\"").unwrap().as_deref(), Some("x, y"));
    }
}
