//! What can go wrong with tokens that many callers, threads and processes share: one test for each failure, run against
//! the token manager of every transport.
//!
//! The other side is the sandbox, over real HTTP; in between is a [`Wire`] that holds, loses and makes up answers. Time
//! is the sandbox's, and moves because a test moves it. Several subjects over one store stand for several processes.
#![allow(clippy::missing_panics_doc, reason = "panicking is what a failed test does")]
#![allow(clippy::unwrap_used, reason = "every function here is part of a test")]

mod bench;
mod broken;
mod campaign;
mod ending;
mod faulty;
mod pairs;
mod redeeming;
mod refreshing;
mod roller;
mod rolling;
mod saying;
mod sharing;
mod standing;
mod stumbling;
mod subject;
pub mod web;
mod wire;

pub use broken::every_broken_store_is_caught;
pub use ending::*;
pub use redeeming::*;
pub use refreshing::*;
pub use roller::Roller;
pub use rolling::*;
pub use saying::*;
pub use sharing::*;
pub use standing::*;
pub use stumbling::*;
pub use subject::{Asked, Blocking, Make, Process, Subject, said, whose, wishes};
pub use wire::{Cut, Wire, Wired};

/// A test of each failure. Takes a function from a [`Process`] to a boxed [`Subject`].
#[macro_export]
macro_rules! failures {
    ($make:expr) => {
        $crate::failures!(@ $make;
            f1_ten_thousand_callers_of_one_expired_token_are_one_request
            f1_f2_processes_wait_for_each_other_and_take_what_came
            f2_who_read_before_it_waited_reads_again
            f3_a_lease_that_is_not_longer_than_a_call_is_refused
            f3_a_lease_that_ends_during_a_call_loses_nothing
            f4_a_slow_holder_does_not_release_another_ones_claim
            f5_a_late_answer_does_not_replace_newer_tokens
            f6_who_comes_too_late_reads_again_before_it_condemns
            f7_f21_tokens_that_cannot_be_saved_are_kept_and_seen_by_nobody
            f7_a_write_that_was_done_and_not_confirmed_is_found
            f8_a_lost_answer_is_asked_for_once_more
            f8_a_lost_answer_of_a_strict_server_is_said_to_be_lost
            f8_what_is_known_last_is_told
            f9_an_answer_without_a_refresh_token_keeps_the_old_one
            f10_access_and_refresh_token_are_never_written_in_two_steps
            f12_a_caller_who_gives_up_stops_nothing
            f13_connecting_again_during_a_refresh
            f14_revoking_during_a_refresh
            f15_failures_do_not_make_a_storm
            f16_tokens_that_came_together_are_not_refreshed_together
            f17_processes_whose_clocks_disagree_are_one_request
            f18_a_missing_key_does_not_look_like_the_end_of_an_authorization
            f19_processes_that_wake_together_are_one_request
            f20_callers_who_want_more_do_not_share
            a_valid_token_is_served_while_it_is_refreshed
            a_valid_token_is_served_while_the_refresh_fails
            a_valid_token_is_served_while_the_store_fails
            a_rejected_token_is_replaced_once
            a_new_token_that_is_rejected_is_not_replaced
            a_user_who_asks_passes_over_a_pause
            a_dead_authorization_is_everybodys_and_told_once
            another_applications_authorization_is_refused
            revoking_a_service_account_ends_what_it_made
            a_revocation_that_cronofy_did_not_hear_of_is_told_again
            f11_a_redirect_that_comes_again_is_told_the_same
            f11_another_code_for_the_same_state_is_not_redeemed
            f11_a_callback_that_comes_again_is_told_the_same
            f12_a_browser_that_goes_away_stops_nothing
            f21_redeemed_tokens_that_cannot_be_saved_are_kept
            a_redirect_in_another_browser_ends_nothing
            a_refusal_is_told_to_everybody
            a_code_that_was_not_redeemed_can_come_again
            a_colleagues_mailbox_is_redeemed_through_the_primary_account
            f11_a_redirect_that_comes_again_to_another_run_is_told_the_same
            f7_tokens_that_name_nobody_are_kept_until_they_can_be
            tokens_that_name_nobody_and_are_turned_down_are_a_refusal
            f21_a_new_authorization_that_cannot_be_saved_is_kept
            f21_what_was_saved_late_is_not_put_over_what_is_newer
            no_error_and_no_debug_output_shows_a_secret
            every_broken_store_is_caught
        );
    };
    (@ $make:expr; $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $crate::$name(&$make);
            }
        )*
    };
}

/// A test of everything that can happen to a roll-out. Takes the same.
#[macro_export]
macro_rules! roll_outs {
    ($make:expr) => {
        $crate::failures!(@ $make;
            a_roll_out_asks_for_fifty_at_once_and_redeems_each_code_once
            a_roll_out_in_a_file
            a_mailbox_that_is_refused_fails_alone_and_says_why
            a_batch_with_one_bad_entry_is_halved_until_that_stands_alone
            a_lost_answer_doubles_nothing
            a_request_that_may_have_arrived_is_sent_again
            a_code_that_is_dead_is_asked_for_anew
            callbacks_that_come_twice_or_in_disorder_are_redeemed_once
            a_callback_that_comes_late_is_redeemed_once
            a_mailbox_that_never_answers_fails_until_it_does
            a_429_slows_all_down_and_fails_nobody
            an_address_that_stands_twice_in_the_list_is_one_mailbox
            paused_it_stands_still_for_everybody_until_it_is_resumed
            what_is_wrong_for_all_pauses_it
            a_service_account_that_is_revoked_pauses_it
            a_grant_that_has_ended_pauses_it
            callbacks_come_to_another_process
            begun_again_it_does_only_what_is_left
            other_settings_under_the_same_name_are_refused
            forgotten_it_is_gone_for_everybody
            processes_share_one_budget
            several_workers_of_one_process_do_it_together
            a_primary_account_asks_for_one_at_a_time
        );
    };
}
