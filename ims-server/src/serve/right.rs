//! What a caller may do: nothing, unless a role or an API key gives it the right.

use ims_core::{
    Amount, Command,
    order::{OrderedLine, ReturnedGoods},
};
use serde::{Deserialize, Serialize};

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// A right. Every operation needs exactly one; its word is the scope that an API key is given.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub(crate) enum Right {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Right {
            /// All of them.
            pub(crate) const ALL: &'static [Right] = &[$(Right::$name),*];

            /// As it is written in a key's scopes and in a refusal.
            pub(crate) const fn word(self) -> &'static str {
                match self { $(Right::$name => $word,)* }
            }
        }
    };
}

rights! {
    /// Look at items and sites.
    ReadCatalogue = "catalogue:read",
    /// Add, change and retire items and sites.
    EditCatalogue = "catalogue:write",
    /// Look at suppliers and customers.
    ReadParties = "parties:read",
    /// Add, change and retire suppliers and customers.
    EditParties = "parties:write",
    /// Look at stock, holds and movements.
    ReadStock = "stock:read",
    /// Take in, correct, move and send back stock.
    MoveStock = "stock:write",
    /// Put stock aside.
    Hold = "holds:write",
    /// Look at sales orders.
    ReadOrders = "orders:read",
    /// Sell, ship, cancel and take back.
    Sell = "orders:write",
    /// Refund more than was paid, for a reason; take back goods of no order; pay out credits.
    RefundMore = "refunds:write",
    /// Look at purchase orders.
    ReadPurchases = "purchases:read",
    /// Order from suppliers and take in what they deliver.
    Buy = "purchases:write",
    /// Look at alerts and reorder proposals.
    ReadAlerts = "alerts:read",
    /// Say that an alert is known.
    AcknowledgeAlerts = "alerts:write",
    /// Look at reports.
    ReadReports = "reports:read",
    /// See what goods cost and what was earned, wherever it stands.
    SeeCosts = "costs:read",
    /// Follow the log of events.
    ReadEvents = "events:read",
    /// Open the shop, close periods, set standard costs.
    KeepBooks = "books:write",
    /// Manage users, API keys, limits and relays; prove the store.
    Administer = "admin",
    /// Look after one's own account.
    OwnAccount = "account",
}

/// What a user or an API key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Runs the server: may do everything.
    Admin,
    /// Runs the shop: everything but the server's own affairs.
    Manager,
    /// Works in the shop: sells, takes in, counts; sees no cost and no profit.
    Clerk,
    /// Looks, and sees no cost.
    Viewer,
    /// A till or a scanner.
    Device,
}

impl Role {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Role; 5] = [Role::Admin, Role::Manager, Role::Clerk, Role::Viewer, Role::Device];

    /// The rights of a role: the one place that gives them.
    pub(crate) const fn rights(self) -> &'static [Right] {
        use Right::{
            AcknowledgeAlerts, Buy, EditCatalogue, EditParties, Hold, KeepBooks, MoveStock, OwnAccount, ReadAlerts,
            ReadCatalogue, ReadEvents, ReadOrders, ReadParties, ReadPurchases, ReadReports, ReadStock, RefundMore,
            SeeCosts, Sell,
        };
        match self {
            Role::Admin => Right::ALL,
            Role::Manager => &[
                ReadCatalogue,
                EditCatalogue,
                ReadParties,
                EditParties,
                ReadStock,
                MoveStock,
                Hold,
                ReadOrders,
                Sell,
                RefundMore,
                ReadPurchases,
                Buy,
                ReadAlerts,
                AcknowledgeAlerts,
                ReadReports,
                SeeCosts,
                ReadEvents,
                KeepBooks,
                OwnAccount,
            ],
            Role::Clerk => &[
                ReadCatalogue,
                ReadParties,
                EditParties,
                ReadStock,
                MoveStock,
                Hold,
                ReadOrders,
                Sell,
                ReadPurchases,
                ReadAlerts,
                AcknowledgeAlerts,
                ReadEvents,
                OwnAccount,
            ],
            Role::Viewer => {
                &[ReadCatalogue, ReadParties, ReadStock, ReadOrders, ReadPurchases, ReadAlerts, ReadEvents, OwnAccount]
            }
            Role::Device => &[ReadCatalogue, ReadStock, Hold, ReadOrders, Sell, ReadAlerts, ReadEvents, OwnAccount],
        }
    }

    /// Whether the role has a right.
    pub(crate) fn has(self, right: Right) -> bool {
        self.rights().contains(&right)
    }
}

/// The right that a command needs beside that of its operation, for what it says: whoever may sell may not for that give
/// money away, or put goods on the shelf that were never sold.
pub(crate) fn further(command: &Command) -> Option<Right> {
    let gives_credit =
        |lines: &[OrderedLine]| lines.iter().any(|line| line.unit_price.is_some_and(Amount::is_negative));
    let gives_more = match command {
        // What is taken back without an order was paid by nobody that is known of, and may say what it cost.
        Command::ReturnGoods(back) => back.refund_reason.is_some() || matches!(back.goods, ReturnedGoods::Loose { .. }),
        Command::Sell(sale) => gives_credit(&sale.lines),
        Command::PlaceOrder(order) => gives_credit(&order.lines),
        _ => false,
    };
    gives_more.then_some(Right::RefundMore)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_run_the_shop_may_refund_more_than_was_paid() {
        let those: Vec<Role> = Role::ALL.into_iter().filter(|role| role.has(Right::RefundMore)).collect();
        assert_eq!(those, [Role::Admin, Role::Manager]);
    }

    #[test]
    fn only_an_admin_administers() {
        let those: Vec<Role> = Role::ALL.into_iter().filter(|role| role.has(Right::Administer)).collect();
        assert_eq!(those, [Role::Admin]);
    }

    #[test]
    fn costs_and_profit_are_for_those_who_run_the_shop() {
        let those: Vec<Role> = Role::ALL.into_iter().filter(|role| role.has(Right::SeeCosts)).collect();
        assert_eq!(those, [Role::Admin, Role::Manager]);
    }
}
