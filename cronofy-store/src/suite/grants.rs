//! One grant, from its beginning to its end.

use std::time::Duration;

use cronofy_types::{DataCenter, Timestamp};

use super::values::{LEASE, app, authorize, claim, complete, full_tokens, id, owner, same, sub, tokens};
use super::{Bench, list};
use crate::decide::grant::{Command, Phase, Reason, Reply};
use crate::store::{Ask, Told};
use crate::{GrantId, Origin};

list![
    there_is_nothing_at_first,
    every_detail_of_a_grant_is_kept,
    every_origin_is_kept_by_what_follows,
    a_new_authorization_replaces_the_old,
    an_authorization_that_comes_late_replaces_what_it_was_to,
    a_claim_is_for_the_tokens_that_were_read,
    a_claim_ends_with_its_lease,
    a_late_report_changes_nothing,
    every_phase_is_kept,
    what_was_revoked_holds_no_tokens,
    what_was_made_through_a_service_account_ends_with_it,
];

fn there_is_nothing_at_first(bench: &Bench) {
    assert!(bench.grant(&id("acc_1")).is_none());
    assert!(bench.grants(None, 10).is_empty());
    assert_eq!(bench.decided(claim(&id("acc_1"), 1, 1)), Reply::Absent);
    assert_eq!(bench.decided(Ask::Decide(id("acc_1"), Command::Revoke)), Reply::Absent);
    assert!(bench.grant(&id("acc_1")).is_none(), "asking about a grant makes none");
}

fn every_detail_of_a_grant_is_kept(bench: &Bench) {
    let base = cronofy_types::CustomBase::new("http://127.0.0.1:4010", "http://127.0.0.1:4011").unwrap();
    for data_center in [DataCenter::De, DataCenter::Custom(base)] {
        let id = GrantId::new(&app("client", data_center), sub("acc_'1\" é"));
        let ask = Ask::Authorize { id: id.clone(), origin: Origin::Account, tokens: full_tokens() };
        assert_eq!(bench.decided(ask), Reply::Written { generation: 1 });
        let grant = bench.grant(&id).unwrap();
        assert_eq!((&grant.id, grant.generation, grant.phase), (&id, 1, Phase::Active));
        assert_eq!((grant.failures, grant.not_before), (0, Timestamp::UNIX_EPOCH));
        assert!(same(grant.tokens.as_ref().unwrap(), &full_tokens()));
    }
}

fn every_origin_is_kept_by_what_follows(bench: &Bench) {
    for (number, origin) in [
        Origin::Account,
        Origin::ServiceAccount,
        Origin::Delegated { through: sub("ser_1") },
        Origin::Business { through: sub("acc_0") },
        Origin::Organization,
        Origin::ApplicationCalendar,
    ]
    .into_iter()
    .enumerate()
    {
        let id = id(&format!("acc_{number}"));
        bench.ask(Ask::Authorize { id: id.clone(), origin: origin.clone(), tokens: tokens(1) });
        assert_eq!(bench.decided(claim(&id, 1, 1)), Reply::Won);
        assert_eq!(bench.decided(complete(&id, 1, 2)), Reply::Written { generation: 2 });
        assert_eq!(bench.grant(&id).unwrap().origin, origin);
    }
}

fn a_new_authorization_replaces_the_old(bench: &Bench) {
    let id = id("acc_1");
    bench.ask(Ask::Authorize { id: id.clone(), origin: Origin::Account, tokens: full_tokens() });
    bench.decided(claim(&id, 1, 1));
    let ask = Ask::Authorize { id: id.clone(), origin: Origin::ServiceAccount, tokens: tokens(2) };
    assert_eq!(bench.decided(ask), Reply::Written { generation: 2 });
    let grant = bench.grant(&id).unwrap();
    assert_eq!((grant.origin, grant.phase), (Origin::ServiceAccount, Phase::Active));
    assert!(same(&grant.tokens.unwrap(), &tokens(2)), "nothing of the older tokens is left");
}

fn an_authorization_that_comes_late_replaces_what_it_was_to(bench: &Bench) {
    let over = |generation, number| {
        let (id, tokens) = (id("acc_1"), tokens(number));
        bench.decided(Ask::AuthorizeOver { generation, id, origin: Origin::Organization, tokens })
    };
    assert_eq!(over(1, 9), Reply::Stale);
    assert!(bench.grant(&id("acc_1")).is_none());
    assert_eq!(over(0, 1), Reply::Written { generation: 1 });
    assert_eq!(over(0, 9), Reply::Stale, "it was written after all");
    bench.ask(authorize(&id("acc_1"), 2));
    assert_eq!(over(1, 9), Reply::Stale);
    let grant = bench.grant(&id("acc_1")).unwrap();
    assert!(same(grant.tokens.as_ref().unwrap(), &tokens(2)));
    assert_eq!(
        (over(2, 3), bench.grant(&id("acc_1")).unwrap().origin),
        (Reply::Written { generation: 3 }, Origin::Organization)
    );
}

fn a_claim_is_for_the_tokens_that_were_read(bench: &Bench) {
    let id = id("acc_1");
    bench.ask(authorize(&id, 1));
    bench.ask(authorize(&id, 2));
    assert_eq!(bench.decided(claim(&id, 1, 1)), Reply::Stale);
    assert_eq!(bench.decided(claim(&id, 1, 2)), Reply::Won);
}

fn a_claim_ends_with_its_lease(bench: &Bench) {
    let id = id("acc_1");
    bench.ask(authorize(&id, 1));
    assert_eq!(bench.decided(claim(&id, 1, 1)), Reply::Won);
    assert_eq!(bench.decided(claim(&id, 2, 1)), Reply::Busy { remaining: LEASE });
    bench.clock.advance(LEASE / 4);
    assert_eq!(bench.decided(claim(&id, 2, 1)), Reply::Busy { remaining: LEASE / 4 * 3 });
    bench.clock.advance(LEASE / 4 * 3);
    assert_eq!(bench.decided(claim(&id, 2, 1)), Reply::Won);
    let until = bench.clock.now().saturating_add(LEASE);
    let phase = Phase::Refreshing { owner: owner(2), until, unsure: true };
    assert_eq!(bench.grant(&id).unwrap().phase, phase, "the first holder may have been answered");
}

fn a_late_report_changes_nothing(bench: &Bench) {
    let id = id("acc_1");
    bench.ask(authorize(&id, 1));
    bench.decided(claim(&id, 1, 1));
    bench.ask(authorize(&id, 2));
    assert_eq!(bench.decided(complete(&id, 1, 99)), Reply::Stale);
    let condemn = Command::Condemn { owner: owner(1), reason: Reason::Refused };
    assert_eq!(bench.decided(Ask::Decide(id.clone(), condemn)), Reply::Stale);
    let grant = bench.grant(&id).unwrap();
    assert_eq!((grant.generation, grant.phase), (2, Phase::Active));
    assert!(same(&grant.tokens.unwrap(), &tokens(2)));
}

fn every_phase_is_kept(bench: &Bench) {
    let id = id("acc_1");
    let pause = Duration::from_secs(30);
    bench.ask(authorize(&id, 1));
    bench.decided(claim(&id, 1, 1));
    bench.decided(Ask::Decide(id.clone(), Command::Fail { owner: owner(1), pause }));
    let grant = bench.grant(&id).unwrap();
    assert_eq!((grant.phase, grant.failures), (Phase::Active, 1));
    assert_eq!(grant.not_before, bench.clock.now().saturating_add(pause));
    assert_eq!(bench.decided(claim(&id, 2, 1)), Reply::Paused { remaining: pause });

    bench.clock.advance(pause);
    bench.decided(claim(&id, 2, 1));
    bench.decided(Ask::Decide(id.clone(), Command::Unsure { owner: owner(2), pause: Duration::ZERO }));
    let grant = bench.grant(&id).unwrap();
    assert_eq!((grant.phase, grant.failures), (Phase::Uncertain, 2));

    bench.decided(claim(&id, 3, 1));
    let condemn = Command::Condemn { owner: owner(3), reason: Reason::Refused };
    let lost = Reply::NeedsReauth(Reason::LostRotation);
    assert_eq!(bench.decided(Ask::Decide(id.clone(), condemn)), lost);
    let grant = bench.grant(&id).unwrap();
    assert_eq!(grant.phase, Phase::NeedsReauth(Reason::LostRotation));
    assert!(same(&grant.tokens.unwrap(), &tokens(1)), "the tokens stay: nobody knows that they are dead");

    for reason in [Reason::Refused, Reason::NoRefreshToken] {
        let generation = bench.grant(&id).unwrap().generation + 1;
        bench.ask(authorize(&id, 2));
        bench.decided(claim(&id, 4, generation));
        bench.decided(Ask::Decide(id.clone(), Command::Condemn { owner: owner(4), reason }));
        assert_eq!(bench.grant(&id).unwrap().phase, Phase::NeedsReauth(reason));
    }
}

fn what_was_revoked_holds_no_tokens(bench: &Bench) {
    let id = id("acc_1");
    bench.ask(authorize(&id, 1));
    bench.decided(claim(&id, 1, 1));
    assert_eq!(bench.decided(Ask::Decide(id.clone(), Command::Revoke)), Reply::Written { generation: 2 });
    assert_eq!(bench.decided(complete(&id, 1, 2)), Reply::Stale, "it does not come back to life");
    let grant = bench.grant(&id).unwrap();
    assert_eq!(grant.phase, Phase::Revoked);
    assert!(grant.tokens.is_none());
    assert_eq!(bench.decided(claim(&id, 2, 2)), Reply::Revoked);
}

fn what_was_made_through_a_service_account_ends_with_it(bench: &Bench) {
    let here = app("client", DataCenter::Us);
    let through = |name| Origin::Delegated { through: sub(name) };
    let grant = |app: &cronofy_auth_core::App, subject, origin| {
        let id = GrantId::new(app, sub(subject));
        bench.ask(Ask::Authorize { id: id.clone(), origin, tokens: tokens(1) });
        id
    };
    let ends = [grant(&here, "acc_2", through("ser_1")), grant(&here, "acc_1", through("ser_1"))];
    let revoked = grant(&here, "acc_3", through("ser_1"));
    bench.decided(Ask::Decide(revoked.clone(), Command::Revoke));
    bench.decided(claim(&ends[0], 1, 1));
    let stays = [
        grant(&here, "ser_1", Origin::ServiceAccount),
        grant(&here, "acc_4", through("ser_2")),
        grant(&here, "acc_5", Origin::Business { through: sub("ser_1") }),
        grant(&app("other", DataCenter::Us), "acc_1", through("ser_1")),
        grant(&app("client", DataCenter::De), "acc_1", through("ser_1")),
    ];

    let told = bench.ask(Ask::EndDelegated { through: GrantId::new(&here, sub("ser_1")) });
    let Told::Ended(ended) = told else { panic!("asked to end grants, told {told:?}") };
    assert_eq!(ended, [sub("acc_1"), sub("acc_2")], "in the order of their names");
    for id in &ends {
        let grant = bench.grant(id).unwrap();
        assert_eq!(grant.phase, Phase::NeedsReauth(Reason::ServiceAccountRevoked));
        assert_eq!(grant.generation, 2);
    }
    assert_eq!(bench.decided(complete(&ends[0], 1, 2)), Reply::Stale, "no refresh brings it back");
    assert_eq!(bench.grant(&revoked).unwrap().phase, Phase::Revoked);
    for id in stays {
        assert_eq!(bench.grant(&id).unwrap().phase, Phase::Active, "{id:?} has nothing to do with it");
    }
}
