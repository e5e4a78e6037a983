//! Everything that can be asked of a shop, as one type.

use super::*;

mirror! {
    /// A command: one of the requests, as data.
    enum Command = ims_core::Command, "snake_case" {
        /// Opens the shop.
        OpenShop(OpenShop),
        /// Closes the books up to a day.
        ClosePeriod(ClosePeriod),
        /// Adds an item.
        CreateItem(CreateItem),
        /// Changes an item.
        UpdateItem(UpdateItem),
        /// Takes an item out of trade.
        RetireItem(RetireItem),
        /// Adds a site.
        CreateLocation(CreateLocation),
        /// Changes or retires a site.
        UpdateLocation(UpdateLocation),
        /// Adds a supplier.
        CreateSupplier(CreateSupplier),
        /// Changes or retires a supplier.
        UpdateSupplier(UpdateSupplier),
        /// Adds a customer.
        CreateCustomer(CreateCustomer),
        /// Changes or retires a customer.
        UpdateCustomer(UpdateCustomer),
        /// Takes in goods without a purchase order.
        ReceiveStock(ReceiveStock),
        /// Sends goods back to a supplier.
        SendBackStock(SendBackStock),
        /// Corrects stock, with a reason.
        AdjustStock(AdjustStock),
        /// Moves stock between sites.
        TransferStock(TransferStock),
        /// Puts stock aside.
        PlaceHold(PlaceHold),
        /// Changes until when stock is put aside.
        ExtendHold(ExtendHold),
        /// Ends a hold.
        ReleaseHold(ReleaseHold),
        /// Sets an item's standard cost.
        SetStandardCost(SetStandardCost),
        /// Orders from a supplier.
        PlacePurchase(PlacePurchase),
        /// Takes in goods of a purchase order.
        ReceivePurchase(ReceivePurchase),
        /// Ends a purchase order of which only a part has come.
        ClosePurchase(ClosePurchase),
        /// Cancels a purchase order of which nothing has come.
        CancelPurchase(CancelPurchase),
        /// Places a sales order.
        PlaceOrder(PlaceOrder),
        /// Ships all or a part of a sales order.
        ShipOrder(ShipOrder),
        /// Cancels what has not been shipped.
        CancelOrder(CancelOrder),
        /// Sells over the counter: places and ships at once.
        Sell(Sell),
        /// Takes goods back.
        ReturnGoods(ReturnGoods),
        /// Says that somebody knows of an alert.
        AcknowledgeAlert(AcknowledgeAlert),
    }
}
