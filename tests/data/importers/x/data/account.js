window.YTD.account.part0 = [
  {
    "account": {
      "email": "social@example.com",
      "createdVia": "web",
      "username": "OakDental",
      "accountId": "9001",
      "createdAt": "2015-03-01T10:00:00.000Z",
      "accountDisplayName": "Oak Dental"
    }
  }
]