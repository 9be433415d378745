//! Differences in which the specification is on our side.

use serde_json::Value;

use crate::difference::Difference;
use crate::others::Other;

/// A fault of another reader.
pub struct Explained {
    /// Whose it is, and where the specification says otherwise.
    pub name: &'static str,
    /// Whether a difference is this one.
    pub applies: fn(&Difference<'_>) -> bool,
}

/// All that are known.
pub const EXPLAINED: &[Explained] = &[
    Explained {
        name: "Go goes by the writer's system where pip and ours go by the kind of file: \
               APPNOTE 4.4.15 leaves attributes to the system",
        applies: only_permissions,
    },
    Explained {
        name: "a layer that ends in its last block, as umoci writes it: image-spec, \"Layer\", \
               knows no end, and engines read it with Go; a package is refused",
        applies: cut_in_last_block,
    },
];

/// An archive without an end, which ours reads as a layer and not as a package.
fn cut_in_last_block(difference: &Difference<'_>) -> bool {
    let words = match difference.other {
        Other::Python('T', _) => "unexpected end of data",
        Other::GnuTar => "Unexpected EOF in archive",
        _ => return false,
    };
    let refused = difference.theirs.as_ref().is_err_and(|why| why.contains(words));
    let cut = !difference.input.len().is_multiple_of(512);
    refused && cut && archive::tar::read(difference.input).is_err()
}

/// Rows of the same files with the same contents, of which some are executable for one of us.
fn only_permissions(difference: &Difference<'_>) -> bool {
    let Ok(theirs) = difference.theirs else { return false };
    let without = |read: &Value| -> Option<Vec<Value>> {
        let rows = read.as_array()?.iter();
        let mut rows: Vec<Value> = rows
            .map(|row| {
                Some(Value::Array(vec![
                    row.get(0)?.clone(),
                    row.get(1)?.clone(),
                    row.get(3)?.clone(),
                ]))
            })
            .collect::<Option<_>>()?;
        rows.sort_by_key(ToString::to_string);
        Some(rows)
    };
    let go = matches!(difference.other, Other::Go('Z', _));
    go && difference.kind == "zip" && without(difference.ours) == without(theirs)
}
