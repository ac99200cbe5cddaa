//! The filtered list as a file. It contains no secret: the rows have no field for one.

pub mod words;

/// A row of the file, with the contents of a table row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportRow {
    /// The token's ID.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The details, which the list does not contain; if not known, left out of JSON and empty in CSV.
    pub details: Option<ExportDetails>,
}

/// The details of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportDetails {
    /// The owner's ID.
    pub owner_id: i64,
    /// The owner's name, if known.
    pub owner: Option<String>,
    /// Whether the server accepts the token.
    pub enabled: bool,
    /// The time of the last use, as the server wrote it; `None` if never: `null` in JSON, `never` in CSV.
    pub last_used: Option<String>,
    /// The time of creation, as the server wrote it.
    pub created: Option<String>,
    /// The time of the last change, as the server wrote it.
    pub updated: Option<String>,
}

/// The columns of the CSV.
const HEADER: [&str; 8] = ["id", "name", "owner_id", "owner", "enabled", "last_used", "created", "updated"];

/// The media type of the CSV.
pub const CSV_TYPE: &str = "text/csv;charset=utf-8";
/// The media type of the JSON.
pub const JSON_TYPE: &str = "application/json";

/// Returns the rows as CSV (RFC 4180): a header row, CRLF line endings, UTF-8.
///
/// It begins with a byte order mark. Most such files are opened with spreadsheets, and without the mark Excel takes
/// the text for the local 8-bit encoding and garbles every name beyond ASCII. Programs should use the JSON instead.
///
/// A cell that a spreadsheet could take for a formula gets an apostrophe in front, since other people choose the names.
pub fn csv(rows: &[ExportRow]) -> String {
    let mut text = String::from('\u{feff}');
    push_line(&mut text, HEADER);
    for row in rows {
        let id = row.id.to_string();
        let Some(details) = &row.details else {
            push_line(&mut text, [&id, &row.name, "", "", "", "", "", ""]);
            continue;
        };
        let or_empty = |value: &Option<String>| value.clone().unwrap_or_default();
        push_line(
            &mut text,
            [
                &id,
                &row.name,
                &details.owner_id.to_string(),
                &or_empty(&details.owner),
                if details.enabled { "true" } else { "false" },
                details.last_used.as_deref().unwrap_or("never"),
                &or_empty(&details.created),
                &or_empty(&details.updated),
            ],
        );
    }
    text
}

fn push_line<const N: usize>(text: &mut String, cells: [&str; N]) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push_cell(text, cell);
    }
    text.push_str("\r\n");
}

/// Quotes every cell that is more than a word, so that nothing in it can be a separator: spreadsheets in some
/// languages separate by semicolons.
fn push_cell(text: &mut String, cell: &str) {
    let cell = harmless(cell);
    if cell.contains(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | ':' | '+' | '-' | '.')) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(&cell);
    }
}

/// Puts an apostrophe before everything that a spreadsheet would take for the beginning of a formula (OWASP, "CSV
/// Injection"). That is at the beginning of the cell, and also after a semicolon, a tab or a line break within it: a
/// spreadsheet in a language that separates by semicolons does not understand our quotes and begins a cell there.
/// Spaces and quotes in front do not make it safe.
fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    let mut at_beginning = true;
    for c in text.chars() {
        if at_beginning && begins_formula(c) {
            safe.push('\'');
        }
        safe.push(c);
        at_beginning =
            matches!(c, ';' | '\t' | '\r' | '\n') || (at_beginning && (c.is_whitespace() || c == '"'));
    }
    safe
}

/// Whether a formula may begin with this character in some spreadsheet. Includes the full-width forms, which some
/// treat alike.
const fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// Returns the rows as a JSON array of objects, by hand: a general serializer is a lot of code for eight fields.
pub fn json(rows: &[ExportRow]) -> String {
    let mut text = String::from("[");
    for (index, row) in rows.iter().enumerate() {
        text.push_str(if index > 0 { ",\n  {" } else { "\n  {" });
        push_field(&mut text, "id", &row.id.to_string());
        push_field(&mut text, "name", &quoted(Some(&row.name)));
        if let Some(details) = &row.details {
            push_field(&mut text, "owner_id", &details.owner_id.to_string());
            if details.owner.is_some() {
                push_field(&mut text, "owner", &quoted(details.owner.as_deref()));
            }
            push_field(&mut text, "enabled", if details.enabled { "true" } else { "false" });
            push_field(&mut text, "last_used", &quoted(details.last_used.as_deref()));
            push_field(&mut text, "created", &quoted(details.created.as_deref()));
            push_field(&mut text, "updated", &quoted(details.updated.as_deref()));
        }
        text.push_str("\n  }");
    }
    text.push_str(if rows.is_empty() { "]\n" } else { "\n]\n" });
    text
}

fn push_field(text: &mut String, name: &str, value: &str) {
    if !text.ends_with('{') {
        text.push(',');
    }
    for part in ["\n    \"", name, "\": ", value] {
        text.push_str(part);
    }
}

/// Writes a text as a JSON string, and `None` as `null`.
fn quoted(text: Option<&str>) -> String {
    // Serializing a string never fails.
    serde_json::to_string(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn details() -> ExportDetails {
        ExportDetails {
            owner_id: 3,
            owner: Some("alice".into()),
            enabled: true,
            last_used: None,
            created: Some("2020-04-06T13:00:00+00:00".into()),
            updated: None,
        }
    }

    fn rows() -> Vec<ExportRow> {
        vec![
            ExportRow { id: 5, name: "a, \"b\"".into(), details: Some(details()) },
            ExportRow { id: 6, name: "=1+1".into(), details: None },
        ]
    }

    #[test]
    fn csv_with_header_quotes_and_apostrophes() {
        assert_eq!(
            csv(&rows()),
            "\u{feff}id,name,owner_id,owner,enabled,last_used,created,updated\r\n\
             5,\"a, \"\"b\"\"\",3,alice,true,never,2020-04-06T13:00:00+00:00,\r\n\
             6,\"'=1+1\",,,,,,\r\n"
        );
        assert_eq!(csv(&[]).lines().count(), 1);
    }

    #[test]
    fn no_name_is_a_formula() {
        for name in ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1"] {
            assert!(harmless(name).starts_with('\''), "{name}");
        }
        assert_eq!(harmless(" =1"), " '=1");
        assert_eq!(harmless("a;=1"), "a;'=1");
        assert_eq!(harmless("a;\"=1"), "a;\"'=1");
        for name in ["ci-token", "a=b", "me@example.org", "x ; y", "", "'"] {
            assert_eq!(harmless(name), name);
        }
    }

    fn cells(file: &str, separator: u8) -> Vec<Vec<String>> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(file.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn json_leaves_out_what_is_not_known() {
        let written: serde_json::Value = serde_json::from_str(&json(&rows())).unwrap();
        let expected = serde_json::json!([
            {
                "id": 5, "name": "a, \"b\"", "owner_id": 3, "owner": "alice", "enabled": true,
                "last_used": null, "created": "2020-04-06T13:00:00+00:00", "updated": null,
            },
            {"id": 6, "name": "=1+1"},
        ]);
        assert_eq!(written, expected);
        assert_eq!(json(&[]), "[]\n");
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![Just(String::new()), ".*", "[=+@\t\r\n\"',; a＝-]{0,8}"]
    }

    fn any_row() -> impl Strategy<Value = ExportRow> {
        let time = || prop::option::of(text());
        let details = (0..i64::MAX, prop::option::of(text()), any::<bool>(), time(), time(), time());
        let details = details.prop_map(|(owner_id, owner, enabled, last_used, created, updated)| {
            ExportDetails { owner_id, owner, enabled, last_used, created, updated }
        });
        (0..i64::MAX, text(), prop::option::of(details)).prop_map(|(id, name, details)| ExportRow {
            id,
            name,
            details,
        })
    }

    proptest! {
        #[test]
        fn csv_is_read_back(rows in prop::collection::vec(any_row(), 0..8)) {
            let written = csv(&rows);
            prop_assert!(written.ends_with("\r\n"));
            let mut expected = vec![HEADER.map(str::to_owned).to_vec()];
            expected.extend(rows.iter().map(|row| {
                let mut cells = vec![row.id.to_string(), row.name.clone()];
                match &row.details {
                    None => cells.resize(HEADER.len(), String::new()),
                    Some(d) => cells.extend([
                        d.owner_id.to_string(), d.owner.clone().unwrap_or_default(), d.enabled.to_string(),
                        d.last_used.clone().unwrap_or("never".into()), d.created.clone().unwrap_or_default(),
                        d.updated.clone().unwrap_or_default(),
                    ]),
                }
                cells.iter().map(|cell| harmless(cell)).collect()
            }));
            prop_assert_eq!(cells(&written, b','), expected);
        }

        #[test]
        fn no_cell_is_a_formula_whatever_separates_them(rows in prop::collection::vec(any_row(), 0..8)) {
            for cell in cells(&csv(&rows), b',').into_iter().flatten() {
                prop_assert!(!cell.starts_with(begins_formula), "{cell:?} of {rows:?}");
            }
            // Where our quotes are not understood, the end of a line may stand at the beginning of a cell.
            for separator in [b';', b'\t'] {
                for cell in cells(&csv(&rows), separator).into_iter().flatten() {
                    let start = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
                    prop_assert!(!start.starts_with(begins_formula), "{cell:?} of {rows:?}");
                }
            }
        }

        #[test]
        fn the_apostrophe_is_all_that_is_added(text in text()) {
            let without = |text: &str| text.replace('\'', "");
            prop_assert_eq!(without(&harmless(&text)), without(&text));
        }

        #[test]
        fn json_is_read_back(rows in prop::collection::vec(any_row(), 0..8)) {
            let written: Vec<serde_json::Value> = serde_json::from_str(&json(&rows)).unwrap();
            prop_assert_eq!(written.len(), rows.len());
            for (value, row) in written.iter().zip(&rows) {
                prop_assert_eq!(&value["name"], &serde_json::json!(row.name));
                prop_assert_eq!(value.get("enabled").is_some(), row.details.is_some());
                if let Some(details) = &row.details {
                    prop_assert_eq!(&value["last_used"], &serde_json::json!(details.last_used));
                    prop_assert_eq!(value.get("owner").and_then(|owner| owner.as_str()), details.owner.as_deref());
                }
            }
        }
    }
}
