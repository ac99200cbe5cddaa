//! HTTP methods and the `Allow` header, from which every button follows.

use std::fmt;

/// The methods that the contract uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Read.
    Get,
    /// Create.
    Post,
    /// Change.
    Patch,
    /// Delete.
    Delete,
    /// Ask what is allowed.
    Options,
}

impl Method {
    /// All of them, in the order of their bits in a [`MethodSet`].
    const ALL: [Method; 5] = [Self::Get, Self::Post, Self::Patch, Self::Delete, Self::Options];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }

    /// Whether sending the request twice is the same as sending it once and *nothing* changes either
    /// time. `DELETE` is idempotent but not safe, so it is not among them.
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Options)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of methods: what an `Allow` header names.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct MethodSet(u8);

impl MethodSet {
    /// No method at all.
    pub const EMPTY: Self = Self(0);

    /// Reads an `Allow` header: names separated by commas, in any order, any case, with any white
    /// space. Methods that the contract does not know are passed over; an empty header is the empty set.
    pub fn parse(header: &str) -> Self {
        header
            .split(',')
            .map(str::trim)
            .filter_map(|name| Method::ALL.into_iter().find(|m| m.as_str().eq_ignore_ascii_case(name)))
            .collect()
    }

    /// Whether `method` is in the set.
    pub const fn contains(self, method: Method) -> bool {
        self.0 & method.bit() != 0
    }

    /// The set with `method`.
    #[must_use]
    pub const fn with(self, method: Method) -> Self {
        Self(self.0 | method.bit())
    }

    /// The set without `method`.
    #[must_use]
    pub const fn without(self, method: Method) -> Self {
        Self(self.0 & !method.bit())
    }
}

impl FromIterator<Method> for MethodSet {
    fn from_iter<I: IntoIterator<Item = Method>>(methods: I) -> Self {
        methods.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for MethodSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(Method::ALL.iter().filter(|m| self.contains(**m))).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_the_documented_example() {
        let set = MethodSet::parse("DELETE, PATCH, OPTIONS, GET");
        assert_eq!(set, [Method::Get, Method::Patch, Method::Delete, Method::Options].into_iter().collect());
        assert!(!set.contains(Method::Post));
    }

    #[test]
    fn order_case_and_spaces_do_not_matter() {
        assert_eq!(MethodSet::parse(" get ,\tPost,,HEAD,"), MethodSet::parse("POST,GET"));
        assert_eq!(MethodSet::parse(""), MethodSet::EMPTY);
    }

    #[test]
    fn a_correction_removes_one_method_only() {
        let set = MethodSet::parse("GET, PATCH, DELETE").without(Method::Delete);
        assert_eq!(set, MethodSet::parse("GET, PATCH"));
        assert_eq!(set.with(Method::Delete), MethodSet::parse("DELETE, GET, PATCH"));
    }

    proptest! {
        #[test]
        fn any_header_is_read(header in ".*") {
            let _ = MethodSet::parse(&header);
        }

        #[test]
        fn what_is_written_is_read(bits in 0u8..32) {
            let set = MethodSet(bits);
            let header: Vec<_> = Method::ALL.into_iter().filter(|m| set.contains(*m)).map(Method::as_str).collect();
            prop_assert_eq!(MethodSet::parse(&header.join(",")), set);
        }
    }
}
