//! What somebody who mistyped a name may have meant.

/// The name with the fewest letters to change, to add or to leave out.
pub(crate) fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Longer than any name, and short enough that a mile of text costs nothing.
    let typed: Vec<char> = typed.chars().take(200).flat_map(char::to_lowercase).collect();
    names.min_by_key(|name| (distance(&typed, name), *name))
}

/// After Levenshtein, one row at a time. Upper and lower case are the same.
fn distance(typed: &[char], name: &str) -> usize {
    let mut row: Vec<usize> = (0..=typed.len()).collect();
    for letter in name.chars().flat_map(char::to_lowercase) {
        let mut diagonal = row[0];
        row[0] += 1;
        for (at, other) in typed.iter().enumerate() {
            let changed = diagonal + usize::from(*other != letter);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[typed.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood() {
        let names = ["GET /v1/userinfo", "POST /oauth/token", "POST /oauth/token/revoke"];
        let meant = |typed| nearest(typed, names.into_iter());
        assert_eq!(meant("POST /oauth/tokens"), Some("POST /oauth/token"));
        assert_eq!(meant("post /oauth/token"), Some("POST /oauth/token"));
        assert_eq!(meant("/v1/userinfo"), Some("GET /v1/userinfo"));
        assert_eq!(distance(&"kitten".chars().collect::<Vec<_>>(), "sitting"), 3);
        assert_eq!(nearest("anything", std::iter::empty()), None);
    }
}
