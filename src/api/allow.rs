//! HTTP methods and the `Allow` header, which decides what every button may do.

use std::fmt;

/// A method that the contract uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates.
    Post,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
    /// Asks which methods are allowed.
    Options,
}

impl Method {
    /// All methods, in the order of their bits in a [`MethodSet`].
    const ALL: [Method; 5] = [Self::Get, Self::Post, Self::Patch, Self::Delete, Self::Options];

    /// Returns the method's name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }

    /// Whether the method is safe in the sense of HTTP: it changes nothing on the server, so sending it twice does no
    /// harm. `DELETE` is idempotent but not safe, so it does not count.
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

/// A set of methods, as named by an `Allow` header.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct MethodSet(u8);

impl MethodSet {
    /// The empty set.
    pub const EMPTY: Self = Self(0);

    /// Parses an `Allow` header: names separated by commas, in any order and case, with any white space. Unknown
    /// methods are ignored; an empty header is the empty set.
    pub fn parse(header: &str) -> Self {
        header
            .split(',')
            .map(str::trim)
            .filter_map(|name| Method::ALL.into_iter().find(|m| m.as_str().eq_ignore_ascii_case(name)))
            .collect()
    }

    /// Whether the set contains `method`.
    pub const fn contains(self, method: Method) -> bool {
        self.0 & method.bit() != 0
    }

    /// Returns the set with `method` added.
    #[must_use]
    pub const fn with(self, method: Method) -> Self {
        Self(self.0 | method.bit())
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
