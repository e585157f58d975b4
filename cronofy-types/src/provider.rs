//! Calendar providers: whose technology a profile speaks, and who hosts it.

use crate::open_enum::{open_enum, open_enum_from_any_text};

open_enum! {
    /// The technology behind a profile, and, in an authorize URL, the provider to go straight to
    /// (`developers/api/identity/profile`; Free/Busy Access).
    pub enum ProviderName {
        /// iCloud.
        Apple = "apple",
        /// A calendar that Cronofy itself hosts: application calendars, the second profile of a free/busy
        /// account, and the only one of a user who gave no access.
        Cronofy = "cronofy",
        /// Exchange, on premises or as Office 365.
        Exchange = "exchange",
        /// Google.
        Google = "google",
        /// Google, with only free/busy times to be seen.
        GoogleFreeBusy = "google_free_busy",
        /// Outlook.com.
        LiveConnect = "live_connect",
        /// Office 365, with only free/busy times to be seen.
        MsGraphFreeBusy = "ms_graph_free_busy",
        /// Office 365, as a request parameter.
        Office365 = "office365",
    }
}
open_enum_from_any_text!(ProviderName);

impl ProviderName {
    /// Whether a profile of this provider shows free/busy times and nothing else.
    pub fn is_free_busy(&self) -> bool {
        matches!(self, Self::GoogleFreeBusy | Self::MsGraphFreeBusy)
    }
}

open_enum! {
    /// The service that hosts a profile (`developers/api/identity/profile`).
    pub enum ProviderService {
        /// A calendar that Cronofy hosts.
        Cronofy = "cronofy",
        /// Exchange on premises.
        Exchange = "exchange",
        /// A personal Google account.
        Google = "google",
        /// Google, with only free/busy times to be seen.
        GoogleFreeBusy = "google_free_busy",
        /// Google Workspace.
        Gsuite = "gsuite",
        /// iCloud.
        Icloud = "icloud",
        /// Office 365, with only free/busy times to be seen.
        MsGraphFreeBusy = "ms_graph_free_busy",
        /// Office 365.
        Office365 = "office365",
        /// Outlook.com.
        OutlookCom = "outlook_com",
    }
}
open_enum_from_any_text!(ProviderService);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_values_survive() {
        for text in ["google", "google_free_busy", "somebody_new", ""] {
            assert_eq!(ProviderName::from(text).as_str(), text);
            assert_eq!(ProviderService::from(text).as_str(), text);
        }
        assert!(ProviderName::from("ms_graph_free_busy").is_free_busy());
        assert_eq!(format!("{:?}", ProviderName::from("x")), "Unknown(\"x\")");
    }
}
