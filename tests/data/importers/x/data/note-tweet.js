window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "5551",
      "updatedAt": "2024-04-29T10:00:00.000Z",
      "lifecycle": {
        "name": "Active",
        "originalName": "Active",
        "value": "1"
      },
      "createdAt": "2024-04-29T10:00:00.000Z",
      "core": {
        "styletags": [],
        "urls": [],
        "text": "We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. Call us at 555-0142 with questions.",
        "mentions": [],
        "cashtags": [],
        "hashtags": []
      }
    }
  }
]