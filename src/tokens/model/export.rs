//! The filtered list as a file. There is no secret in it: the rows have no field for one.

use serde::Serialize;

/// A row of the file: what the table shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExportRow {
    /// The token's number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What the list does not say; left out of JSON and empty in CSV where it is not known.
    #[serde(flatten)]
    pub details: Option<ExportDetails>,
}

/// The details of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExportDetails {
    /// The owner's number.
    pub owner_id: i64,
    /// The owner's name, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether the server accepts the token.
    pub enabled: bool,
    /// When it was last used, as the server wrote it; `None` if never: `null` in JSON, `never` in CSV.
    pub last_used: Option<String>,
    /// When it was made, as the server wrote it.
    pub created: Option<String>,
    /// When it was last changed, as the server wrote it.
    pub updated: Option<String>,
}

/// The columns of the CSV.
const HEADER: [&str; 8] = ["id", "name", "owner_id", "owner", "enabled", "last_used", "created", "updated"];

/// The type of the CSV.
pub const CSV_TYPE: &str = "text/csv;charset=utf-8";
/// The type of the JSON.
pub const JSON_TYPE: &str = "application/json";

/// The rows as CSV (RFC 4180): a header row, lines that end with CRLF, UTF-8.
///
/// It begins with a byte order mark. Such files are mostly opened with spreadsheets, and without the mark
/// Excel takes the text for the local 8-bit encoding and spoils every name beyond ASCII. Programs are
/// better served with the JSON.
///
/// A cell that a spreadsheet could take for a formula gets an apostrophe before it, since names are
/// other people's text.
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

fn push_cell(text: &mut String, cell: &str) {
    let apostrophe = if cell.starts_with(begins_formula) { "'" } else { "" };
    if cell.contains(['"', ',', '\r', '\n']) {
        text.push('"');
        text.push_str(apostrophe);
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(apostrophe);
        text.push_str(cell);
    }
}

/// What a formula may begin with, in one spreadsheet or another; in full width too, which some take for
/// the same.
const fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// The rows as JSON: an array of objects.
///
/// # Errors
///
/// None that can happen with these rows; the writer's own failures are passed on.
pub fn json(rows: &[ExportRow]) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(rows)
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
             6,'=1+1,,,,,,\r\n"
        );
        assert_eq!(csv(&[]).lines().count(), 1);
    }

    #[test]
    fn json_leaves_out_what_is_not_known() {
        let written: serde_json::Value = serde_json::from_str(&json(&rows()).unwrap()).unwrap();
        let expected = serde_json::json!([
            {
                "id": 5, "name": "a, \"b\"", "owner_id": 3, "owner": "alice", "enabled": true,
                "last_used": null, "created": "2020-04-06T13:00:00+00:00", "updated": null,
            },
            {"id": 6, "name": "=1+1"},
        ]);
        assert_eq!(written, expected);
        assert_eq!(json(&[]).unwrap(), "[]");
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![Just(String::new()), ".*", "[=+@\t\r\n\"', a-]{0,6}"]
    }

    fn any_row() -> impl Strategy<Value = ExportRow> {
        let time = || prop::option::of(text());
        let details = (any::<i64>(), prop::option::of(text()), any::<bool>(), time(), time(), time());
        let details = details.prop_map(|(owner_id, owner, enabled, last_used, created, updated)| {
            ExportDetails { owner_id, owner, enabled, last_used, created, updated }
        });
        (any::<i64>(), text(), prop::option::of(details)).prop_map(|(id, name, details)| ExportRow {
            id,
            name,
            details,
        })
    }

    proptest! {
        #[test]
        fn csv_is_read_back_and_has_no_formula(rows in prop::collection::vec(any_row(), 0..8)) {
            let written = csv(&rows);
            let mut reader = csv::Reader::from_reader(written.as_bytes());
            prop_assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), HEADER);
            let records: Vec<_> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(records.len(), rows.len());
            for (record, row) in records.iter().zip(&rows) {
                prop_assert!(record.iter().all(|cell| !cell.starts_with(begins_formula)));
                let is = |cell: usize, value: &str| {
                    record[cell] == *value || record[cell].strip_prefix('\'') == Some(value)
                };
                prop_assert!(is(0, &row.id.to_string()) && is(1, &row.name));
                let owner = row.details.as_ref().and_then(|d| d.owner.clone()).unwrap_or_default();
                prop_assert!(is(3, &owner));
                let last_used = row.details.as_ref().map(|d| d.last_used.clone().unwrap_or("never".into()));
                prop_assert!(is(5, &last_used.unwrap_or_default()));
            }
            // every line ends with CRLF, and no cell breaks out of its quotes
            prop_assert!(written.ends_with("\r\n"));
        }

        #[test]
        fn json_is_read_back(rows in prop::collection::vec(any_row(), 0..8)) {
            let written: Vec<serde_json::Value> = serde_json::from_str(&json(&rows).unwrap()).unwrap();
            prop_assert_eq!(written.len(), rows.len());
            for (value, row) in written.iter().zip(&rows) {
                prop_assert_eq!(&value["name"], &serde_json::json!(row.name));
                prop_assert_eq!(value.get("enabled").is_some(), row.details.is_some());
            }
        }
    }
}
