//! The one thing that a flow needs random numbers for.

use cronofy_auth_core::types::State;

/// A fresh [`State`] of 128 bits from the operating system's secure source.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// let state = cronofy_transport_common::random_state()?;
/// assert_eq!(state.as_str().len(), 32);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Where the operating system has no random numbers to give: then nobody may sign in.
pub fn random_state() -> std::io::Result<State> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    Ok(State::from_random(random))
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_states_are_alike() {
        let states: std::collections::HashSet<_> =
            (0..64).map(|_| super::random_state().unwrap().as_str().to_owned()).collect();
        assert_eq!(states.len(), 64);
    }
}
