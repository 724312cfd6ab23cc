window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "105"
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
        "user_mentions": [
          {
            "name": "River Kid",
            "screen_name": "river_kid_88",
            "indices": [
              "0",
              "13"
            ],
            "id_str": "7001",
            "id": "7001"
          }
        ],
        "urls": []
      },
      "display_text_range": [
        "0",
        "87"
      ],
      "favorite_count": "3",
      "id_str": "105",
      "truncated": false,
      "retweet_count": "0",
      "id": "105",
      "created_at": "Thu May 02 09:15:00 +0000 2024",
      "favorited": false,
      "full_text": "@river_kid_88 We are sorry to hear this &amp; would like to help. Please call 555-0142.",
      "lang": "en",
      "in_reply_to_status_id_str": "104",
      "in_reply_to_user_id_str": "7001",
      "in_reply_to_screen_name": "river_kid_88"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "103"
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
            "url": "https://t.co/ab12",
            "expanded_url": "https://example.com/parking",
            "display_url": "example.com/parking",
            "indices": [
              "31",
              "48"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "48"
      ],
      "favorite_count": "3",
      "id_str": "103",
      "truncated": false,
      "retweet_count": "0",
      "id": "103",
      "created_at": "Wed May 01 12:01:00 +0000 2024",
      "favorited": false,
      "full_text": "…and parking is free all week. https://t.co/ab12",
      "lang": "en",
      "in_reply_to_status_id_str": "102",
      "in_reply_to_user_id_str": "9001",
      "in_reply_to_screen_name": "OakDental"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "102"
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
        "urls": [],
        "media": [
          {
            "expanded_url": "https://x.com/OakDental/status/102/photo/1",
            "indices": [
              "36",
              "53"
            ],
            "url": "https://t.co/pic7",
            "media_url": "http://img.example.com/a.jpg",
            "id_str": "55",
            "type": "photo"
          }
        ]
      },
      "display_text_range": [
        "0",
        "53"
      ],
      "favorite_count": "3",
      "id_str": "102",
      "truncated": false,
      "retweet_count": "0",
      "id": "102",
      "created_at": "Wed May 01 12:00:00 +0000 2024",
      "favorited": false,
      "full_text": "Our open house is on Saturday &lt;3 https://t.co/pic7",
      "lang": "en",
      "extended_entities": {
        "media": [
          {
            "expanded_url": "https://x.com/OakDental/status/102/photo/1",
            "url": "https://t.co/pic7",
            "id_str": "55",
            "type": "photo",
            "ext_alt_text": "A door with balloons"
          },
          {
            "url": "https://t.co/pic7",
            "id_str": "56",
            "type": "video"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "101"
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
        "94"
      ],
      "favorite_count": "3",
      "id_str": "101",
      "truncated": false,
      "retweet_count": "0",
      "id": "101",
      "created_at": "Tue Apr 30 08:00:00 +0000 2024",
      "favorited": false,
      "full_text": "RT @tooth_news: Brushing twice a day is still the advice of most dental bodies, says a new re…",
      "lang": "en"
    }
  }
]