//! The start tags of a page, and the positions of their attributes. Pure; for pages written by Trunk.

use std::ops::Range;

/// A start tag.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// The text from `<` to `>`.
    pub(super) text: &'a str,
    /// The position of `text` in the page.
    start: usize,
    pub(super) attributes: Vec<Attribute<'a>>,
    html: &'a str,
}

#[derive(Debug)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    /// The position of the value in the page, without quotes.
    pub(super) value: Range<usize>,
}

impl<'a> Tag<'a> {
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        Some(&self.html[self.attribute(name)?.value.clone()])
    }

    /// Whether browsers check the `integrity` of what this tag loads.
    pub(super) fn is_checked_by_browsers(&self) -> bool {
        match self.name {
            "script" => true,
            "link" => matches!(self.value("rel"), Some("stylesheet" | "modulepreload")),
            _ => false,
        }
    }

    /// Returns the position at which another attribute can be inserted.
    pub(super) fn end_of_attributes(&self) -> usize {
        let inner = self.text.strip_suffix('>').unwrap_or(self.text);
        // After an unquoted value, `/` would be part of the value.
        let closed = [" /", "\"/", "'/"].iter().any(|end| inner.ends_with(end));
        self.start + inner.len() - usize::from(closed)
    }
}

/// Returns the start tags of a page written by Trunk, whether values are quoted or not. Comments are skipped.
pub(super) fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(html.len(), |end| start + end);
            continue;
        }
        let Some(length) = length_of_tag(rest) else { break };
        at = start + length;
        if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            tags.push(tag(html, start, at));
        }
    }
    tags
}

/// Returns the length up to the `>` that is not inside a quoted value.
fn length_of_tag(rest: &str) -> Option<usize> {
    let mut quote = None;
    rest.char_indices().find_map(|(at, c)| {
        match (quote, c) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
        None
    })
}

fn tag(html: &str, start: usize, end: usize) -> Tag<'_> {
    let text = &html[start..end];
    let inner_end = end - 1;
    let name_end = start + text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len());
    let mut attributes = Vec::new();
    let mut at = name_end;
    while at < inner_end {
        let rest = &html[at..inner_end];
        let Some(begin) = rest.find(|c: char| !c.is_whitespace() && c != '/') else { break };
        let begin = at + begin;
        let rest = &html[begin..inner_end];
        let name_length = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = &rest[..name_length];
        at = begin + name_length;
        if !html[at..inner_end].starts_with('=') {
            continue;
        }
        let value_start = at + 1;
        let rest = &html[value_start..inner_end];
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => {
                let length = rest[1..].find(quote).unwrap_or(rest.len() - 1);
                value_start + 1..value_start + 1 + length
            }
            None => {
                let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
                value_start..value_start + length
            }
        };
        at = value.end + usize::from(quote.is_some());
        attributes.push(Attribute { name, value });
    }
    Tag { name: &html[start + 1..name_end], text, start, attributes, html }
}
