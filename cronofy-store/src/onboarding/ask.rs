//! Asking for mailboxes, with one request.

use core::time::Duration;

use cronofy_auth_core::delegate::{
    DelegatedAuthorization, DelegationRequest, NotDelegated, ServiceAccountAuthorizations, business,
    enterprise,
};
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::{App, Call, Endpoint, RetryPolicy};
use cronofy_types::{DataCenter, ProfileId, Timestamp};

use super::verdict::{self, Verdict};
use super::{Event, Onboarding, OnboardingError};
use crate::Pending;
use crate::manager::{Background, CallError};
use crate::rollout::{Command, Reason, Report, Settings, Stage, Ticket, ToAsk};
use crate::store::{Ask, ask};

/// Whether a request arrived is unknown, or it did not: it is sent again after this.
const PAUSE: Duration = Duration::from_secs(30);

impl<T: Background> Onboarding<T> {
    /// Asks for these, not before `permitted`, and reports what came of it.
    pub(super) async fn ask(
        &self,
        mailboxes: Vec<ToAsk>,
        permitted: Timestamp,
    ) -> Result<(), OnboardingError> {
        let Err(verdict) = self.try_to_ask(&mailboxes, permitted).await? else {
            return self.asked(mailboxes).await;
        };
        let together = mailboxes.len();
        let report = match verdict {
            Verdict::Invalid(reason) => Report::Invalid { together, reason },
            Verdict::Later => Report::Later { pause: PAUSE },
            Verdict::Unsure => Report::Asked { patience: PAUSE.min(self.0.pace.patience) },
            Verdict::Slower(asked) => {
                self.command(Command::Slower { asked }).await?;
                Report::Later { pause: Duration::ZERO }
            }
            Verdict::Pause(why) => {
                self.stop(why).await?;
                Report::Later { pause: Duration::ZERO }
            }
        };
        let stages = self.report_on(tickets(&mailboxes), report.clone()).await?;
        if let Report::Invalid { reason, .. } = report {
            for (mailbox, stage) in mailboxes.into_iter().zip(stages) {
                if stage == Some(Stage::Failed) {
                    let reason = Reason::Invalid(reason.clone());
                    self.tell(&Event::Failed { address: mailbox.address, reason });
                }
            }
        }
        Ok(())
    }

    /// The request was accepted.
    async fn asked(&self, mailboxes: Vec<ToAsk>) -> Result<(), OnboardingError> {
        let report = Report::Asked { patience: self.0.pace.patience };
        self.report_on(tickets(&mailboxes), report).await?;
        self.tell(&Event::Asked { count: mailboxes.len() });
        for ToAsk { address, attempt, .. } in mailboxes {
            if attempt > 1 {
                self.tell(&Event::AskedAgain { address, attempt });
            }
        }
        Ok(())
    }

    async fn try_to_ask(
        &self,
        mailboxes: &[ToAsk],
        permitted: Timestamp,
    ) -> Result<Result<(), Verdict>, OnboardingError> {
        let (manager, settings) = (&self.0.manager, &self.0.settings);
        let tokens = match manager.valid_token(&settings.through, manager.lease().call()).await {
            Ok(tokens) => tokens,
            Err(error) => return Ok(Err(verdict::of_token(&error))),
        };
        let requests: Vec<DelegationRequest> =
            mailboxes.iter().map(|mailbox| request(settings, mailbox)).collect();
        let now = manager.transport().now();
        let waits = match pending(manager.app(), settings, &tokens, &requests, now) {
            Ok(waits) => waits,
            Err(error) => return Ok(Err(Verdict::Invalid(error.to_string().into()))),
        };
        ask(&**manager.store(), Ask::BeginAll(waits)).await?;
        self.until(permitted).await;
        let data_center = || manager.app().data_center().clone();
        let through = &settings.through;
        let answer = match (&settings.profile, &*requests) {
            (Some(profile), [request]) => {
                manager
                    .call(through, |tokens| once(through_profile(data_center(), tokens, profile, request)))
                    .await
            }
            _ => {
                manager.call(through, |tokens| once(through_account(data_center(), tokens, &requests))).await
            }
        };
        Ok(answer.map_err(|error| match error {
            CallError::Token(error) => verdict::of_token(&error),
            CallError::Call(error) => verdict::of_call(&error),
        }))
    }
}

fn request(settings: &Settings, mailbox: &ToAsk) -> DelegationRequest {
    let (callback_url, scope) = (settings.callback_url.clone(), settings.scope.clone());
    DelegationRequest::new(mailbox.address.clone(), callback_url, scope, mailbox.state.clone())
}

/// What is kept until the callbacks come.
fn pending(
    app: &App,
    settings: &Settings,
    tokens: &TokenSet,
    requests: &[DelegationRequest],
    now: Timestamp,
) -> Result<Vec<Pending>, NotDelegated> {
    let token = tokens.access_token.clone();
    let waits = match (&settings.profile, requests) {
        (Some(profile), [request]) => vec![business(app, token, profile.clone(), request.clone(), now)?.1],
        _ => enterprise(app, token, requests, now)?.1,
    };
    let through = &settings.through.subject;
    Ok(waits.into_iter().map(|pending| Pending::Delegation { through: through.clone(), pending }).collect())
}

fn through_account(
    data_center: DataCenter,
    tokens: &TokenSet,
    requests: &[DelegationRequest],
) -> ServiceAccountAuthorizations {
    let call = ServiceAccountAuthorizations::new(data_center, tokens.access_token.clone());
    requests.iter().cloned().fold(
        call,
        |call, DelegationRequest { email, callback_url, scope, state, .. }| {
            call.entry(email, callback_url, scope, Some(state))
        },
    )
}

fn through_profile(
    data_center: DataCenter,
    tokens: &TokenSet,
    profile: &ProfileId,
    request: &DelegationRequest,
) -> DelegatedAuthorization {
    let DelegationRequest { email, callback_url, scope, state, .. } = request.clone();
    let (token, profile) = (tokens.access_token.clone(), profile.clone());
    DelegatedAuthorization::new(data_center, token, profile, email, callback_url, scope).state(state)
}

/// Sent once: a permit is for one request, and whether it is repeated is the list's to know.
fn once<E: Endpoint>(endpoint: E) -> Call<E> {
    endpoint.call().with_policy(RetryPolicy::NEVER)
}

fn tickets(mailboxes: &[ToAsk]) -> Vec<Ticket> {
    mailboxes.iter().map(|mailbox| mailbox.ticket).collect()
}
