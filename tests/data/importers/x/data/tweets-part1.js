window.YTD.tweets.part1 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "99"
          ],
          "editableUntil": "2024-05-02T10:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://example.com\" rel=\"nofollow\">Web</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/lng1",
            "expanded_url": "https://x.com/i/web/status/99",
            "display_url": "x.com/i/web/status/99"
          }
        ]
      },
      "display_text_range": [
        "0",
        "289"
      ],
      "favorite_count": "3",
      "id_str": "99",
      "truncated": false,
      "retweet_count": "0",
      "id": "99",
      "created_at": "Mon Apr 29 10:00:00 +0000 2024",
      "favorited": false,
      "full_text": "We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. We have new hours from June. Call us a… https://t.co/lng1",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "98"
          ],
          "editableUntil": "2024-05-02T10:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://example.com\" rel=\"nofollow\">Web</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/qt1",
            "expanded_url": "https://x.com/tooth_news/status/77",
            "display_url": "x.com/tooth_news/…"
          }
        ]
      },
      "display_text_range": [
        "0",
        "30"
      ],
      "favorite_count": "3",
      "id_str": "98",
      "truncated": false,
      "retweet_count": "0",
      "id": "98",
      "created_at": "Sun Apr 28 10:00:00 +0000 2024",
      "favorited": false,
      "full_text": "Worth a read: https://t.co/qt1",
      "lang": "en"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "97"
          ],
          "editableUntil": "2024-05-02T10:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://example.com\" rel=\"nofollow\">Web</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "17"
      ],
      "favorite_count": "3",
      "id_str": "97",
      "truncated": false,
      "retweet_count": "0",
      "id": "97",
      "created_at": "no time at all",
      "favorited": false,
      "full_text": "Closed on Monday.",
      "lang": "en"
    }
  }
]