"""Who we are and who may see what: agencies, officers, desks, service accounts, the gate."""
