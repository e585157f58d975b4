//! What goes into the cases. The lengths are those of real traffic: 338 bytes of URL, 351 of answer.

use cronofy_auth_core::App;
use cronofy_auth_core::token::{CodeOrigin, TokenExchange};
use cronofy_auth_core::types::{
    AuthorizationCode, ClientId, ClientSecret, DataCenter, RedirectUri, Scope, Scopes, State, Timestamp,
};

/// Of an application, as Cronofy's look.
pub const CLIENT_ID: &str = "7Uq2XyPHcGmBrJkWvT5nZsLd9aEoF3iR";
/// Of the same application.
pub const CLIENT_SECRET: &str = "CRN_NggYusqPGLxwjw5FHOJYOqSrTPNXy8WQf14OID";
/// Where the browser comes back to.
pub const REDIRECT_URI: &str = "https://demo.example.com/cronofy/oauth/callback";
/// 32 random bytes in URL-safe base64.
pub const STATE: &str = "mKq3vT9xW2bN7cR5yH8jL4pD6sF1gZ0aQwErTyUiOpA";
/// What a redirect brings.
pub const CODE: &str = "cc6PNmbyZmAVCQ3iuPlJQ2b8Tg5Fj1kS";
/// Where codes are redeemed.
pub const TOKEN_URL: &str = "https://api.cronofy.com/oauth/token";
/// Where the browser goes.
pub const AUTHORIZE_URL: &str = "https://app.cronofy.com/oauth/authorize";
/// What is asked for.
pub const SCOPES: [&str; 5] =
    ["read_events", "create_event", "delete_event", "read_free_busy", "change_participation_status"];

/// A token response as Cronofy documents it, without the line breaks.
pub const TOKEN_RESPONSE: &[u8] = br#"{"token_type":"bearer","access_token":"P531x88i05Ld2yXHIQ7WjiEyqlmOHsgI","expires_in":3600,"refresh_token":"3gBYG1XamYDUEXUyybbummQWEe5YqPmf","scope":"read_write","account_id":"acc_5ba21743f408617d1269ea1e","sub":"acc_5ba21743f408617d1269ea1e","linking_profile":{"provider_name":"google","profile_id":"pro_n23kjnwrw2","profile_name":"me@example.com"}}"#;

/// A clock that stands still.
pub const NOW: Timestamp = Timestamp::from_unix_seconds(1_930_385_700);

const CHECKED: &str = "the constants above are valid values";

/// The application, at one of Cronofy's data centers or on this machine.
pub fn app(data_center: DataCenter) -> App {
    let client_id = ClientId::new(CLIENT_ID).expect(CHECKED);
    App::new(client_id, client_secret(), data_center)
}

/// Its secret.
pub fn client_secret() -> ClientSecret {
    ClientSecret::new(CLIENT_SECRET).expect(CHECKED)
}

/// [`REDIRECT_URI`].
pub fn redirect_uri() -> RedirectUri {
    RedirectUri::new(REDIRECT_URI).expect(CHECKED)
}

/// [`STATE`].
pub fn state() -> State {
    State::new(STATE).expect(CHECKED)
}

/// [`SCOPES`].
pub fn scopes() -> Scopes {
    SCOPES.iter().map(|scope| scope.parse::<Scope>().expect(CHECKED)).collect()
}

/// [`CODE`].
pub fn code() -> AuthorizationCode {
    AuthorizationCode::new(CODE).expect(CHECKED)
}

/// An exchange of [`CODE`], as a redirect leaves it behind.
pub fn token_exchange(app: &App) -> TokenExchange {
    TokenExchange::new(app.clone(), code(), CodeOrigin::Redirect(redirect_uri()))
}
