//! The JSON Patch (RFC 6902) operations that tokens support: `replace` and `test` on `/name` and `/enabled`.

use serde_json::Value;

use crate::messages::Messages;

const MISSING: &str = "Missing data for required field.";

/// The minimum length of a token's name, in Unicode code points.
pub const MIN_NAME_LENGTH: usize = 3;

/// The parsed operations, in order.
#[derive(Debug)]
pub struct Patch(Vec<Step>);

/// A `test` operation failed.
#[derive(Debug, PartialEq, Eq)]
pub struct TestFailed;

#[derive(Debug)]
struct Step {
    operation: Operation,
    value: Field,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Replace,
    Test,
}

#[derive(Debug, Clone, Copy)]
enum Path {
    Name,
    Enabled,
}

#[derive(Debug)]
enum Field {
    Name(String),
    Enabled(bool),
}

impl Patch {
    /// Parses a request body.
    ///
    /// # Errors
    /// What is wrong with which operation.
    pub fn parse(body: &[u8]) -> Result<Self, Messages> {
        let document: Value =
            serde_json::from_slice(body).map_err(|_| Messages::of_whole("Not a valid JSON document."))?;
        let Value::Array(operations) = document else {
            return Err(Messages::of_whole("Not a list of JSON Patch operations."));
        };
        if operations.is_empty() {
            return Err(Messages::of_whole("The list of operations is empty."));
        }
        let mut messages = Messages::default();
        let mut steps = Vec::with_capacity(operations.len());
        for (index, operation) in operations.iter().enumerate() {
            match Step::parse(operation) {
                Ok(step) => steps.push(step),
                Err(of_step) => messages.nest(index, of_step),
            }
        }
        messages.into_result()?;
        Ok(Self(steps))
    }

    /// Applies the operations in order and returns whether anything changed.
    ///
    /// # Errors
    /// A `test` failed; the values may then be partly changed and must not be used.
    pub fn apply(&self, name: &mut String, enabled: &mut bool) -> Result<bool, TestFailed> {
        let before = (name.clone(), *enabled);
        for step in &self.0 {
            match (step.operation, &step.value) {
                (Operation::Replace, Field::Name(value)) => name.clone_from(value),
                (Operation::Replace, Field::Enabled(value)) => *enabled = *value,
                (Operation::Test, Field::Name(value)) if name == value => {}
                (Operation::Test, Field::Enabled(value)) if enabled == value => {}
                (Operation::Test, _) => return Err(TestFailed),
            }
        }
        Ok(before.0 != *name || before.1 != *enabled)
    }
}

impl Step {
    fn parse(step: &Value) -> Result<Self, Messages> {
        if !step.is_object() {
            return Err(Messages::of_whole("Not a JSON Patch operation."));
        }
        // RFC 6902: members that are not defined for an operation are ignored.
        let mut messages = Messages::default();
        let operation = messages.keep("op", Operation::parse(step.get("op")));
        let path = messages.keep("path", Path::parse(step.get("path")));
        let value =
            path.and_then(|path| messages.keep("value", Field::parse(path, step.get("value"), operation)));
        match (operation, value) {
            (Some(operation), Some(value)) => Ok(Self { operation, value }),
            _ => Err(messages),
        }
    }
}

impl Operation {
    fn parse(op: Option<&Value>) -> Result<Self, &'static str> {
        match op.ok_or(MISSING)?.as_str() {
            Some("replace") => Ok(Self::Replace),
            Some("test") => Ok(Self::Test),
            _ => Err("Only \"replace\" and \"test\" are supported."),
        }
    }
}

impl Path {
    fn parse(path: Option<&Value>) -> Result<Self, &'static str> {
        match path.ok_or(MISSING)?.as_str() {
            Some("/name") => Ok(Self::Name),
            Some("/enabled") => Ok(Self::Enabled),
            _ => Err("Only \"/name\" and \"/enabled\" are supported."),
        }
    }
}

impl Field {
    fn parse(path: Path, value: Option<&Value>, operation: Option<Operation>) -> Result<Self, &'static str> {
        match (path, value.ok_or(MISSING)?) {
            (Path::Enabled, Value::Bool(enabled)) => Ok(Self::Enabled(*enabled)),
            (Path::Enabled, _) => Err("Not a valid boolean."),
            // A tested name may be anything: if no token can have it, the test fails.
            (Path::Name, Value::String(name)) if operation == Some(Operation::Test) => {
                Ok(Self::Name(name.clone()))
            }
            (Path::Name, Value::String(name)) => {
                check_name(name)?;
                Ok(Self::Name(name.clone()))
            }
            (Path::Name, _) => Err("Not a valid string."),
        }
    }
}

/// Checks whether a token can have this name.
///
/// # Errors
/// What is wrong with the name.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    if name.chars().count() < MIN_NAME_LENGTH {
        Err("Shorter than minimum length 3.")
    } else if name.contains('\0') {
        // The real server's database cannot store it, and C programs and terminals do not show what follows it.
        Err("Null characters are not allowed.")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn apply(patch: &Value) -> Result<(String, bool, bool), TestFailed> {
        let (mut name, mut enabled) = ("alice-laptop".to_owned(), true);
        let changed = Patch::parse(patch.to_string().as_bytes()).unwrap().apply(&mut name, &mut enabled)?;
        Ok((name, enabled, changed))
    }

    fn faults(patch: &Value) -> Value {
        let messages = Patch::parse(patch.to_string().as_bytes()).unwrap_err();
        serde_json::to_value(messages).unwrap()
    }

    fn replace(path: &str, value: impl Into<Value>) -> Value {
        json!({"op": "replace", "path": path, "value": value.into()})
    }

    fn test(path: &str, value: impl Into<Value>) -> Value {
        json!({"op": "test", "path": path, "value": value.into()})
    }

    #[test]
    fn operations_apply_in_their_order() {
        let patch = json!([
            test("/name", "alice-laptop"),
            replace("/name", "alice-phone"),
            test("/name", "alice-phone"),
            replace("/enabled", false),
            test("/enabled", false),
        ]);
        assert_eq!(apply(&patch), Ok(("alice-phone".to_owned(), false, true)));
    }

    #[test]
    fn a_test_that_does_not_hold_fails_wherever_it_stands() {
        let wrong = [test("/name", "alice-phone"), test("/name", ""), test("/enabled", false)];
        for wrong in wrong {
            let change = replace("/name", "new name");
            assert_eq!(apply(&json!([wrong, change])), Err(TestFailed));
            assert_eq!(apply(&json!([change, wrong])), Err(TestFailed));
        }
    }

    #[test]
    fn putting_in_what_is_there_is_no_change() {
        let patch = json!([replace("/name", "alice-laptop"), replace("/enabled", true)]);
        assert_eq!(apply(&patch), Ok(("alice-laptop".to_owned(), true, false)));
    }

    #[test]
    fn members_that_the_standard_does_not_define_are_ignored() {
        let mut step = replace("/enabled", false);
        step["comment"] = json!("because");
        assert_eq!(apply(&json!([step])).map(|applied| applied.1), Ok(false));
    }

    #[test]
    fn faults_are_told_by_the_index_of_the_operation() {
        let patch = json!([
            replace("/enabled", true),
            {"op": "remove", "path": "/name"},
            {"op": "replace", "path": "/token", "value": "x"},
            replace("/enabled", "yes"),
            replace("/name", 5),
            replace("/name", "ab"),
            replace("/name", "a\u{0}bc"),
            {"path": 7},
            "replace",
        ]);
        let only_operations = ["Only \"replace\" and \"test\" are supported."];
        let only_paths = ["Only \"/name\" and \"/enabled\" are supported."];
        assert_eq!(
            faults(&patch),
            json!({
                "1": {"op": only_operations, "value": [MISSING]},
                "2": {"path": only_paths},
                "3": {"value": ["Not a valid boolean."]},
                "4": {"value": ["Not a valid string."]},
                "5": {"value": ["Shorter than minimum length 3."]},
                "6": {"value": ["Null characters are not allowed."]},
                "7": {"op": [MISSING], "path": only_paths},
                "8": {"_schema": ["Not a JSON Patch operation."]},
            })
        );
    }

    #[test]
    fn bodies_that_are_no_list_of_operations() {
        let bodies: [&[u8]; 9] =
            [b"", b"[]", b"{}", b"null", b"5", b"[", b"\xff", b"[\"\\ud800\"]", b"[1e999]"];
        for body in bodies {
            let messages = serde_json::to_value(Patch::parse(body).unwrap_err()).unwrap();
            assert!(messages["_schema"].is_array(), "{body:?}: {messages}");
        }
    }

    #[test]
    fn the_length_of_a_name_is_counted_in_code_points() {
        assert_eq!(check_name("äöü"), Ok(()));
        assert_eq!(check_name("🗝🗝🗝"), Ok(()));
        assert_eq!(check_name("   "), Ok(()), "names are not trimmed");
        assert!(check_name("🗝🗝").is_err());
        assert!(check_name("").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Patch::parse(&body);
        }
    }
}
