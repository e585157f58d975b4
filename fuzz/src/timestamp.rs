//! Instants as text.

use core::time::Duration;

use cronofy_auth_core::types::Timestamp;

/// A text that may be an instant.
///
/// What is accepted is written and read back as the same instant, an offset moves it by what it says, and
/// arithmetic stays within the years that can be written.
pub fn timestamp(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let Ok(instant) = text.parse::<Timestamp>() else { return };
    let written = instant.to_string();
    assert_eq!(written.parse(), Ok(instant), "{written}");
    assert!(written.is_ascii() && written.ends_with('Z') && written.len() <= 30);
    // From the year to the second, what was written stands in what came, up to the offset.
    if text.ends_with(['Z', 'z']) && !text.contains(":60") {
        assert!(text.get(..10) == written.get(..10) && text.get(11..19) == written.get(11..19), "{text}");
    }
    if let Some((local, minutes)) = without_offset(text) {
        let offset = Duration::from_secs(60 * minutes.unsigned_abs());
        let (earlier, later) = if minutes < 0 { (local, instant) } else { (instant, local) };
        assert_eq!(later.saturating_since(earlier), offset, "{text}");
    }
    for seconds in [0, 1, 86_400, u64::MAX] {
        let wait = Duration::new(seconds, 999_999_999);
        let later = instant.saturating_add(wait);
        assert!(later >= instant);
        assert!(later == Timestamp::MAX || later.saturating_since(instant) == wait);
        assert_eq!(instant.saturating_since(later), Duration::ZERO);
    }
    assert_eq!(Timestamp::from_unix_seconds(instant.unix_seconds()).subsec_nanoseconds(), 0);
}

/// The instant with `Z` for its offset, and the offset, in minutes.
fn without_offset(text: &str) -> Option<(Timestamp, i64)> {
    let (local, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let (hours, minutes) = offset.split_once(':')?;
    let sign = if hours.starts_with('-') { -1 } else { 1 };
    let hours: i64 = hours.strip_prefix(['+', '-'])?.parse().ok()?;
    Some((format!("{local}Z").parse().ok()?, sign * (60 * hours + minutes.parse::<i64>().ok()?)))
}
